"""Zstandard (RFC 8878), frames that are to be skipped included."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from canaries.scan.containers import Container, Member, Packed, Unreadable
from canaries.scan.containers._members import members

_FRAME = b"\x28\xb5\x2f\xfd"
_SKIPPED = b"\x2a\x4d\x18"
"""Behind one of sixteen first bytes (section 3.1.2)."""


class ZstandardContainer(Container):
    name = "zstandard"

    def fits(self, head: bytes) -> bool:
        return head.startswith(_FRAME) or (head[1:4] == _SKIPPED and 0x50 <= head[0] <= 0x5F)

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        yield from members(source, _Frame, self.fits)


class _Frame:
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
