"""Parameters of mail and HTTP that are cut into numbered pieces: ``name*0="a"; name*1*=%62`` (RFC 2231, section 3),
in any order."""

from __future__ import annotations

import re
from itertools import count, takewhile
from urllib.parse import unquote_to_bytes

from canaries.decoders import Decoder, Found, Layer

_PIECE = re.compile(
    rb"(?<![^;\s])([A-Za-z0-9_-]{1,40})\*([0-9]{1,3})(\*?)=(?:\"((?:[^\"\\]|\\.){0,2000})\"|([^;\s\"]{0,2000}))"
)
_QUOTED = re.compile(rb"\\(.)", re.DOTALL)
_MOST = 10_000


class ContinuedParametersDecoder(Decoder):
    """``filename*0="tok"; filename*1="en"``."""

    name = "continued parameters"
    holds = (b"*0=", b"*0*=")
    text = True
    reach = 2 << 10
    signs = ((b"*0", rb"\*0\*?="),)
    cost = 8

    def decode(self, layer: Layer, found: Found) -> None:
        values: list[dict[int, bytes]] = []
        current: dict[bytes, dict[int, bytes]] = {}
        for number, piece in enumerate(_PIECE.finditer(layer.data)):
            if number >= _MOST:
                found.note("fields")
                break
            value, place = _QUOTED.sub(rb"\1", piece[4]) if piece[4] is not None else piece[5], int(piece[2])
            if place == 0 and piece[3] and value.count(b"'") >= 2:  # charset'language'value
                value = value.split(b"'", 2)[2]
            pieces = current.get(piece[1])
            if pieces is None or place in pieces:  # the same name once more is another parameter
                values.append(pieces := {})
                current[piece[1]] = pieces
            pieces[place] = unquote_to_bytes(value) if piece[3] else value
        for pieces in values:
            found.add(b"".join(pieces[place] for place in takewhile(pieces.__contains__, count())))
