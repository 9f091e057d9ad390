"""Text that SQL, PowerShell, PHP or Visual Basic puts together from codes: ``CHAR(65)+CHAR(66)``,
``[char]65+[char]66``."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import mended

_CALLS = re.compile(
    rb"(?:n?cha?r(?:codes?)?[bw]?[$]?[\](\)]\s?(?:(?:0x|&h)[0-9a-f]{1,4}|[0-9]{1,3})"
    rb"\s?\)?\s?(?:\|\||[-+.&,~])?\s?(?:_?\r?\n[ \t]{0,40}+)?(?:_xlfn\.uni|uni|string\.from|[\[(])?){8,}+",
    re.IGNORECASE,
)
_NEXT = (
    rb"[$]?[\](]\s?(?:(?:0x|&[hH])[0-9a-fA-F]{1,4}|[0-9]{1,3})\s?\)?\s?(?:\|\||[-+.&,~])?\s?\[?[nN]?[cC][hH]"
)
"""From the end of one call's name to the next call."""
_AMONG = re.compile(
    rb"[\"'`]\s?(?:\|\||[&+.])\s?n?cha?r[bw]?[$]?\(\s?(?:(?:0x|&h)([0-9a-f]{1,2})|([0-9]{1,3}))\s?\)"
    rb"(?:\s?(?:\|\||[&+.])\s?[\"'`])?",
    re.IGNORECASE,
)
"""A character between two strings."""
_CODE = re.compile(rb"[\](\)]\s?(?:(?:0x|&h)([0-9a-f]{1,4})|([0-9]{1,3}))", re.IGNORECASE)


def _character(match: re.Match[bytes]) -> bytes:
    code = int(match[1], 16) if match[1] else int(match[2])
    return bytes([code]) if code < 256 else b""


class CharacterCodesDecoder(Decoder):
    """``chr(65)||chr(66)``."""

    name = "character codes"
    text = True
    holds = (b"ar(", b"AR(", b"hr(", b"HR(", b"ar]", b"har)", b"hrW(", b"r$(", b"W$(", b"Code(")
    reach = 2 << 10
    signs = tuple((first, re.escape(first[:2]) + _NEXT) for first in holds[:5])
    sieved = True
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        if b'"' in layer.data or b"'" in layer.data:
            found.add(mended(layer.data, _AMONG, _character))
        for match in _CALLS.finditer(layer.data):
            if found.spend(60 * len(match[0])):
                codes = [int(code[1], 16) if code[1] else int(code[2]) for code in _CODE.finditer(match[0])]
                found.add(bytes(code for code in codes if code < 256), match[0])
