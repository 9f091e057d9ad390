"""Zstandard (RFC 8878), frames one after the other, wherever the first begins."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._unpacking import unpacked

_MAGIC = b"\x28\xb5\x2f\xfd"
_WINDOW_LOG = 23
"""8 MB, what RFC 8878, section 3.1.1.1.2, asks every program to support; a larger window is not given its memory."""


def _zstd() -> Any:
    if sys.version_info >= (3, 14):
        return import_module("compression.zstd")
    from backports import zstd

    return zstd


class ZstdDecoder(Decoder):
    """``Content-Encoding: zstd``."""

    name = "zstd"
    holds = (_MAGIC,)

    def decode(self, layer: Layer, found: Found) -> None:
        zstd = _zstd()
        options = {zstd.DecompressionParameter.window_log_max: _WINDOW_LOG}
        data = layer.data
        start = data.find(_MAGIC)
        while start >= 0 and found.room:
            plain, end, _ = unpacked(
                lambda: zstd.ZstdDecompressor(options=options), data, start, found, (zstd.ZstdError,)
            )
            found.add(plain, data[start : start + 64])
            start = data.find(_MAGIC, max(end, start + 1))
