"""xz (The .xz File Format 1.2.1), of any number of streams, wherever it begins."""

from __future__ import annotations

import lzma

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._runs import GOES_ON
from canaries.decoders._unpacking import unpacked

_MAGIC = b"\xfd7zXZ\0"
_MEMORY = 16 << 20
"""Bytes: what the usual levels need to unpack; a stream that wants more is left."""
_ATTEMPT = 1_000_000


class XzDecoder(Decoder):
    """``.xz``."""

    name = "xz"
    signs = ((b"/Td6WFo", rb"/Td6WFo" + GOES_ON),)
    holds = (_MAGIC,)

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        start = data.find(_MAGIC)
        while start >= 0 and found.room and found.spend(_ATTEMPT):
            plain, end, _ = unpacked(
                lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY),
                data, start, found, (lzma.LZMAError,),
            )  # fmt: skip
            found.add(plain, data[start : start + 64])
            start = data.find(_MAGIC, max(end, start + 1))
