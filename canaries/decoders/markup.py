"""XML and HTML: character references (XML, section 4.1; HTML, section 13.2.5.72), texts between tags, values in quotes.

Not `html.unescape`: it turns the C1 controls into others, as browsers do, and binary data would not survive.
"""

from __future__ import annotations

import re
from html.entities import html5

from canaries.decoders import Decoder, Found, Layer

_REFERENCE = re.compile(rb"&(?:#([0-9]{1,8})|#[xX]([0-9A-Fa-f]{1,7})|([A-Za-z][A-Za-z0-9]{1,31}));?")
_BOUNDS = re.compile(rb"[<>\"']+")
_MOST = 20_000


def _character(match: re.Match[bytes]) -> bytes:
    if match[3] is not None:
        name = match[3].decode()
        character = html5.get(f"{name};")
        return character.encode() if character is not None else match[0]
    code = int(match[1]) if match[1] is not None else int(match[2], 16)
    return chr(code).encode("utf-8", "backslashreplace") if code < 0x110000 else match[0]


class MarkupDecoder(Decoder):
    """``<a>&#65;</a>``."""

    name = "markup"
    guesses = True
    text = True
    holds = (b"&", b"<")
    cost = 20

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        if b"&" in data:
            found.add(_REFERENCE.sub(_character, data))
        if b"<" not in data or not layer.unicode:
            return
        pieces = _BOUNDS.split(data, _MOST)
        if len(pieces) > _MOST:
            found.note("fields")
        for piece in pieces:
            if b"&" in piece:
                found.add(_REFERENCE.sub(_character, piece), piece)
            else:
                found.part(piece)
