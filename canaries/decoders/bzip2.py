"""bzip2, of any number of streams, wherever it begins."""

from __future__ import annotations

import bz2
import re

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._unpacking import unpacked

_MAGIC = re.compile(rb"BZh[1-9]1AY&SY")
_ATTEMPT = 1_000_000
"""Work of a stream: its blocks take up to 4 MB of memory."""


class Bzip2Decoder(Decoder):
    """``.bz2``."""

    name = "bzip2"
    holds = (b"BZh",)

    def decode(self, layer: Layer, found: Found) -> None:
        at = 0
        while match := _MAGIC.search(layer.data, at):
            if not found.room or not found.spend(_ATTEMPT):
                return
            plain, end, _ = unpacked(bz2.BZ2Decompressor, layer.data, match.start(), found, (OSError,))
            found.add(plain, match[0])
            at = max(end, match.start() + 1)
