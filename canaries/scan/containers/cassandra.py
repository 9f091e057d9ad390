"""Tables of Cassandra (``*-Data.db``) packed with LZ4, as they are by default: chunks that say how long they are when
unpacked, each with its check behind it (``CompressedSequentialWriter``, ``LZ4Compressor``)."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

from canaries.scan.containers import HEAD, Container, Member, Packed, Unreadable, exactly
from canaries.scan.containers._toasted import lz4_prefix

_SIZE, _CHECK = 4, 4
_LONGEST = 1 << 20
"""Bytes of a chunk: 16 KB, or 64 KB before version 4, unless told otherwise."""
_LONGEST_PACKED = _LONGEST + _LONGEST // 255 + 64
_READ = 4 << 20
_USUAL = frozenset(1 << power for power in range(12, 21))
_ENOUGH = 256
"""Bytes that the beginning of a file must give to be taken for a chunk of another size that it does not show whole."""


class CassandraContainer(Container):
    name = "cassandra"
    raw = True

    def fits(self, head: bytes) -> bool:
        size = _plain_size(head, 0)
        if not size:
            return False
        plain, end = lz4_prefix(head, _SIZE, size)
        if len(plain) == size:
            return _is_checked(head, 0, end)
        return end < 0 and len(head) >= HEAD and len(plain) >= (1 if size in _USUAL else _ENOUGH)

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        yield Member("", _TableChunks(source))


class _TableChunks:
    """What the chunks give, one behind the other."""

    def __init__(self, source: Packed) -> None:
        self._source, self._waiting, self._packed, self._at = source, io.BytesIO(), b"", 0

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes; none at the end. Raises ValueError where a chunk is damaged."""
        if not (part := self._waiting.read(size)):
            self._waiting = io.BytesIO(self._next())
            part = self._waiting.read(size)
        return part

    def _next(self) -> bytes:
        if len(self._packed) - self._at <= _LONGEST_PACKED:
            self._packed, self._at = self._packed[self._at :] + exactly(self._source, _READ), 0
        if self._at == len(self._packed):
            return b""
        size = _plain_size(self._packed, self._at)
        plain, end = lz4_prefix(self._packed, self._at + _SIZE, size) if size else (b"", -1)
        if not size or len(plain) != size or not _is_checked(self._packed, self._at, end):
            raise ValueError("a chunk of it is damaged, or stands as it is")
        self._at = end + _CHECK
        return plain


def _plain_size(packed: bytes, start: int) -> int:
    """Of the chunk that begins at ``start``; 0 where none does."""
    size = int.from_bytes(packed[start : start + _SIZE], "little")
    return size if len(packed) > start + _SIZE + _CHECK and size <= _LONGEST else 0


def _is_checked(packed: bytes, start: int, end: int) -> bool:
    check = zlib.crc32(memoryview(packed)[start:end])
    return check.to_bytes(_CHECK, "big") == packed[end : end + _CHECK]
