"""Zstandard (RFC 8878)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from canaries.scan.containers import Container, Member, Packed, Unreadable


class ZstandardContainer(Container):
    name = "zstandard"

    def fits(self, head: bytes) -> bool:
        return head.startswith(b"\x28\xb5\x2f\xfd")

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        yield Member("", _Frames(source))


class _Frames:
    """The decompressed bytes; the library's own error becomes an OSError."""

    def __init__(self, source: Packed) -> None:
        self._zstd: Any = import_module(
            "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
        )
        self._file = self._zstd.ZstdFile(source)

    def read(self, size: int = -1, /) -> bytes:
        try:
            return bytes(self._file.read(size))
        except self._zstd.ZstdError as error:
            raise OSError(str(error)) from error
