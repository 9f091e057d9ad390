"""Text that JSON has in pieces, each under the same name: what an editor keeps of a word that is bold in part (Quill,
Slate, ProseMirror, Confluence), what a chat exports, what a language model streams."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

_NAMES = (b"text", b"insert", b"content", b"plain_text", b"partial_json", b"delta", b"log", b"message")
_VALUE = re.compile(rb"\"(%s)\"\s{0,9}:\s{0,9}\"((?:[^\"\\]|\\.){0,4000}+)\"" % b"|".join(_NAMES), re.DOTALL)
_APART = 400
"""Bytes from one piece to the next at most."""
_LEAST = 2
_MOST = 20_000


class TextRunsDecoder(Decoder):
    """``{"text": "to"}, {"text": "ken"}``."""

    name = "text runs"
    text = True
    holds = (b'"text":', b'"insert":', b'"content":', b'"plain_text":', b'"partial_json":', b'"delta":')
    reach = 2 << 10
    cost = 6

    def decode(self, layer: Layer, found: Found) -> None:
        name, pieces, end = b"", list[bytes](), 0
        for number, value in enumerate(_VALUE.finditer(layer.data)):
            if number >= _MOST:
                found.note("fields")
                break
            if value[1] != name or value.start() - end > _APART:
                if len(pieces) >= _LEAST:
                    found.add(b"".join(pieces), pieces[0])
                name, pieces = value[1], []
            pieces.append(value[2])
            end = value.end()
        if len(pieces) >= _LEAST:
            found.add(b"".join(pieces), pieces[0])
