"""Commands of Telnet within its text (RFC 854; RFC 959, section 4.1.3, has them for FTP too): ``IAC DO ...``,
``IAC IP``, options and what they say, an end of line of CR and NUL."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import mended

_COMMAND = re.compile(rb"\xff(?:[\xfb-\xfe].|\xfa[^\xff]{0,500}\xff\xf0|[\xf0-\xf9])|(?<=\r)\0", re.DOTALL)
_TEXT = bytes({*range(0x20, 0x7F), 9, 10, 13})
_MOSTLY = 2
"""One byte in so many may be no text: noise has these two everywhere."""


class TelnetDecoder(Decoder):
    """``IAC IP IAC DM``."""

    name = "telnet"
    holds = (b"\xff",)
    cost = 3

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        if _MOSTLY * len(data.translate(None, _TEXT)) <= len(data):
            found.add(mended(data, _COMMAND))
