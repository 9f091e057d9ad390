"""Parameters of mail and HTTP that are cut into numbered pieces: ``name*0="a"; name*1*=%62`` (RFC 2231, section 3)."""

from __future__ import annotations

import re
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
        values: list[bytearray] = []
        coded, name, following = False, b"", -1
        for number, piece in enumerate(_PIECE.finditer(layer.data)):
            if number >= _MOST:
                found.note("fields")
                break
            value = _QUOTED.sub(rb"\1", piece[4]) if piece[4] is not None else piece[5]
            place = int(piece[2])
            if place == 0:
                name, coded = piece[1], bool(piece[3])
                values.append(bytearray())
                if coded and value.count(b"'") >= 2:  # charset'language'value
                    value = value.split(b"'", 2)[2]
            elif not values or piece[1] != name or place != following:
                continue
            values[-1] += unquote_to_bytes(value) if piece[3] else value
            following = place + 1
        for whole in values:
            found.add(bytes(whole))
