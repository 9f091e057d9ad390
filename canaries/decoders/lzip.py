"""lzip (https://www.nongnu.org/lzip/manual/lzip_manual.html#File-format): LZMA with a head of its own."""

from __future__ import annotations

import lzma
import re
from functools import partial

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._unpacking import unpacked

_MAGIC = b"LZIP\x01"
_LARGEST = 24
"""The size of the dictionary, as a power of two: one that wants more memory is left."""
_ATTEMPT = 1_000_000


class LzipDecoder(Decoder):
    """``.lz``."""

    name = "lzip"
    holds = (_MAGIC,)
    signs = (
        (_MAGIC, re.escape(_MAGIC)),
        (b"TFpJUA", rb"TFpJUAE[A-Za-z0-9+/_-]{8}"),
    )

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        start = data.find(_MAGIC)
        while 0 <= start < len(data) - len(_MAGIC) and found.room and found.spend(_ATTEMPT):
            plain, end = b"", start
            if (power := data[start + len(_MAGIC)] & 31) <= _LARGEST:
                filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << max(12, power)}]
                plain, end, _ = unpacked(
                    partial(lzma.LZMADecompressor, lzma.FORMAT_RAW, filters=filters),
                    data, start + len(_MAGIC) + 1, found, (lzma.LZMAError,), 1,
                )  # fmt: skip
            found.add(plain, data[start : start + 64])
            start = data.find(_MAGIC, max(end, start + 1))
