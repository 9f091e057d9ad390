"""zlib's format (RFC 1950): ``Content-Encoding: deflate``, cookies of Flask and Django, objects of git, PDF."""

from __future__ import annotations

import re
import zlib

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._printable import worth
from canaries.decoders._promise import is_zlib
from canaries.decoders._unpacking import Inflater, unpacked

_USUAL = re.compile(rb"x[\x01\x5e\x9c\xda]")
"""A window of 32 KB and one of the four levels."""


class ZlibDecoder(Decoder):
    """``.eJx...`` once its base64 is undone."""

    name = "zlib"
    binary = True

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        after = 0
        if is_zlib(data):
            after = self._at(0, data, found)
        for match in _USUAL.finditer(data, 1):
            if match.start() >= after and found.room:
                after = self._at(match.start(), data, found)

    @staticmethod
    def _at(start: int, data: bytes, found: Found) -> int:
        plain, end, complete = unpacked(lambda: Inflater(15), data, start, found, (zlib.error,))
        if plain and (complete or start == 0 or worth(plain)):
            found.add(plain, data[start : start + 64])
            return max(end, start + 1)
        return start + 1
