"""Blocks of LZ4 that say how long they are: Firefox' ``mozLz4``, and the columns of ClickHouse."""

from __future__ import annotations

import io
from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable, exactly
from canaries.scan.containers._toasted import LZ4, unpack_value

_MOZILLA, _MOZILLA_HEAD = b"mozLz40\0", 12
_METHOD_AT, _METHOD, _HEAD, _COUNTED = 16, 0x82, 25, 9
"""In ClickHouse's blocks: a check of sixteen bytes, the method, the packed length that counts nine bytes of the head,
and the plain length."""
_LONGEST = 64 << 20


class Lz4BlocksContainer(Container):
    name = "lz4_blocks"
    raw = True

    def fits(self, head: bytes) -> bool:
        return (head.startswith(_MOZILLA) and len(head) > _MOZILLA_HEAD) or _lengths(head) is not None

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        yield Member("", _Blocks(source))


class _Blocks:
    """What the blocks give, one behind the other."""

    def __init__(self, source: Packed) -> None:
        self._source, self._waiting = source, io.BytesIO()

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes; none at the end. Raises ValueError where a block is damaged."""
        if part := self._waiting.read(size):
            return part
        self._waiting = io.BytesIO(self._next())
        return self._waiting.read(size)

    def _next(self) -> bytes:
        mozilla = self._source.head.startswith(_MOZILLA)
        head = exactly(self._source, _MOZILLA_HEAD if mozilla else _HEAD)
        if not head:
            return b""
        if mozilla:
            packed, size = exactly(self._source, _LONGEST), int.from_bytes(head[8:], "little")
        else:
            lengths = _lengths(head) or (0, 0)
            packed, size = exactly(self._source, lengths[0]), lengths[1]
        plain = unpack_value(packed, size, LZ4)[0] if size <= _LONGEST else b""
        if not plain:
            raise ValueError("a block of it is damaged, or packed in another way")
        return plain


def _lengths(head: bytes) -> tuple[int, int] | None:
    """Of what is packed, and of what that gives; None where no block of ClickHouse begins with ``head``."""
    if len(head) < _HEAD or head[_METHOD_AT] != _METHOD:
        return None
    packed = int.from_bytes(head[17:21], "little") - _COUNTED
    plain = int.from_bytes(head[21:25], "little")
    return (packed, plain) if 0 < packed <= plain + plain // 255 + 16 <= _LONGEST else None
