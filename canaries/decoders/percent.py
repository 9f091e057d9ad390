"""Percent-encoding (RFC 3986, section 2.1), and the ``%uXXXX`` that IIS and older JavaScript write."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from canaries.decoders import Decoder, Found, Layer

_WIDE = re.compile(rb"%[uU]([0-9A-Fa-f]{4})")


class PercentDecoder(Decoder):
    """``%41``."""

    name = "percent"
    text = True
    holds = (b"%",)
    reach = 2 << 10
    signs = ((b"%u00", rb"(?:%u00[0-9a-fA-F]{2}){4}"),)
    cost = 40

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        if b"%u" in data or b"%U" in data:
            wide = _WIDE.sub(lambda match: chr(int(match[1], 16)).encode("utf-8", "replace"), data)
            if wide != data:  # what is percent-encoded in that was so before: it comes next
                found.add(wide)
                return
        found.add(unquote_to_bytes(data))
