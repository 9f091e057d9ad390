"""The format before xz, ``.lzma`` (LZMA SDK, lzma-specification.txt, section 2): a header without a magic number."""

from __future__ import annotations

import lzma

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._unpacking import unpacked

_MEMORY = 32 << 20
"""Bytes: what the usual levels need to unpack; a stream that wants more is left."""
_ATTEMPT = 1_000_000


class LzmaAloneDecoder(Decoder):
    """``.lzma``."""

    name = "lzma"
    begins = (b"]\0\0",)
    """The usual properties (lc 3, lp 0, pb 2) and a dictionary of 64 KiB or more."""
    signs = ((b"XQAA", rb"XQAA[A-Za-z0-9+/_-]{16}"),)

    def decode(self, layer: Layer, found: Found) -> None:
        if found.room and found.spend(_ATTEMPT):
            plain, _, _ = unpacked(
                lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_MEMORY),
                layer.data, 0, found, (lzma.LZMAError,),
            )  # fmt: skip
            found.add(plain, layer.data[:64])
