"""A value that is too long for one cookie or parameter and stands in several, with a number behind
their name: ``session.0=...; session.1=...`` of NextAuth, ``.AspNetCore.CookiesC1=``, ``k[0]=...&k[1]=...``, headers."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

_PIECE = re.compile(
    rb"(?<![A-Za-z0-9_.-])([A-Za-z_.][A-Za-z0-9_.-]{0,60}?)(?:\[|%5B)?([0-9]{1,2})(?:\]|%5D)?(?:=|: )"
    rb"([^\s;&,\"]{1,8000})",
    re.IGNORECASE,
)
_MOST = 1000


class NumberedParametersDecoder(Decoder):
    """``s.0=to; s.1=ken``."""

    name = "numbered parameters"
    text = True
    holds = (b"1=", b"1]=", b"1%5D=", b"1: ")
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        groups: dict[bytes, dict[int, bytes]] = {}
        for number, piece in enumerate(_PIECE.finditer(layer.data)):
            if number >= _MOST:
                found.note("fields")
                break
            groups.setdefault(piece[1].lower(), {}).setdefault(int(piece[2]), piece[3])
        for pieces in groups.values():
            first = min(pieces)
            if len(pieces) < 2 or first > 1 or set(pieces) != set(range(first, first + len(pieces))):
                continue
            found.add(b"".join(pieces[number] for number in sorted(pieces)), pieces[first])
