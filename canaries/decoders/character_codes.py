"""Text that SQL, PowerShell, PHP or Visual Basic puts together from codes: ``CHAR(65)+CHAR(66)``,
``[char]65+[char]66``."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

_CALLS = re.compile(
    rb"(?:\[?n?cha?r[bw]?[$]?[\](]\s?(?:(?:0x|&h)[0-9a-f]{1,4}|[0-9]{1,3})\s?\)?\s?(?:\|\||[-+.&,~])?\s?){8,}+",
    re.IGNORECASE,
)
_NEXT = (
    rb"[$]?[\](]\s?(?:(?:0x|&[hH])[0-9a-fA-F]{1,4}|[0-9]{1,3})\s?\)?\s?(?:\|\||[-+.&,~])?\s?\[?[nN]?[cC][hH]"
)
"""From the end of one call's name to the next call."""
_CODE = re.compile(rb"[\](]\s?(?:(?:0x|&h)([0-9a-f]{1,4})|([0-9]{1,3}))", re.IGNORECASE)


class CharacterCodesDecoder(Decoder):
    """``chr(65)||chr(66)``."""

    name = "character codes"
    text = True
    holds = (b"ar(", b"AR(", b"hr(", b"HR(", b"ar]", b"hrW(")
    reach = 2 << 10
    signs = tuple((first, re.escape(first[:2]) + _NEXT) for first in holds if first[2:] != b"W(")
    sieved = True
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        for match in _CALLS.finditer(layer.data):
            if found.spend(60 * len(match[0])):
                codes = [int(code[1], 16) if code[1] else int(code[2]) for code in _CODE.finditer(match[0])]
                found.add(bytes(code for code in codes if code < 256), match[0])
