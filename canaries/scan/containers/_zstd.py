"""Zstandard's frames, with the library that there is."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any


class ZstandardFrame:
    """One frame; the library's own error becomes an OSError."""

    def __init__(self) -> None:
        self._zstd: Any = import_module(
            "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
        )
        self._unpacker = self._zstd.ZstdDecompressor()

    @property
    def eof(self) -> bool:
        """Whether the frame has ended."""
        return bool(self._unpacker.eof)

    @property
    def unused_data(self) -> bytes:
        """What came behind its end."""
        return bytes(self._unpacker.unused_data)

    @property
    def needs_input(self) -> bool:
        """Whether it waits for more."""
        return bool(self._unpacker.needs_input)

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """What ``data`` unpacks to, at most ``max_length`` bytes of it."""
        try:
            return bytes(self._unpacker.decompress(data, max_length))
        except self._zstd.ZstdError as error:
            raise OSError(str(error)) from error


def unpacked_frame(packed: bytes, size: int) -> bytes:
    """The ``size`` bytes that one frame gives; empty where it gives others. Raises OSError."""
    plain = ZstandardFrame().decompress(packed, size)
    return plain if len(plain) == size else b""
