"""gzip (RFC 1952), of any number of members, whole or cut short, wherever it begins."""

from __future__ import annotations

import zlib

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._runs import GOES_ON
from canaries.decoders._unpacking import Inflater, unpacked

_MAGIC = b"\x1f\x8b\x08"


class GzipDecoder(Decoder):
    """``Content-Encoding: gzip``, ``.gz``."""

    name = "gzip"
    signs = ((b"H4sI", rb"H4sI" + GOES_ON),)
    holds = (_MAGIC,)

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        start = data.find(_MAGIC)
        while start >= 0 and found.room:
            plain, end, _ = unpacked(lambda: Inflater(31), data, start, found, (zlib.error,))
            found.add(plain, data[start : start + 64])
            start = data.find(_MAGIC, max(end, start + 1))
