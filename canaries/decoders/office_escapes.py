"""Characters as the names of XML write what they cannot have, ``_x0041_``: texts of Excel's workbooks (ECMA-376,
part 1, section 22.9.2.19), what PowerShell serializes ([MS-PSRP], section 2.2.5.3.2), columns of SQL Server as XML."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._mending import mended

_ESCAPE = re.compile(rb"_x([0-9A-Fa-f]{4})_")


def _character(match: re.Match[bytes]) -> bytes:
    return chr(int(match[1], 16)).encode("utf-8", "backslashreplace")


class OfficeEscapesDecoder(Decoder):
    """``_x0041_``."""

    name = "office escapes"
    text = True
    holds = (b"_x00",)
    reach = 2 << 10
    signs = ((b"_x00", rb"_x00[0-9A-Fa-f]{2}_"),)
    cost = 8

    def decode(self, layer: Layer, found: Found) -> None:
        found.add(mended(layer.data, _ESCAPE, _character))
