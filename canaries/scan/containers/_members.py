"""A packed stream of one member or several, and whatever stands behind the last one."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

from canaries.scan.containers import Member, Packed, Stream

_CHUNK = 1 << 16
_HEAD = 64
"""Bytes by which another member is known."""


class Unpacker(Protocol):
    """What bz2, lzma, lz4 and Zstandard offer to unpack one member."""

    @property
    def eof(self) -> bool:
        """Whether the member has ended."""

    @property
    def unused_data(self) -> bytes | None:
        """What came behind its end; lz4 has None where that is nothing."""

    @property
    def needs_input(self) -> bool:
        """Whether it waits for more."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """What ``data`` unpacks to."""


class ZlibUnpacker:
    """zlib's decompressor with the face of the others."""

    def __init__(self, window: int) -> None:
        self._inflate = zlib.decompressobj(window)

    @property
    def eof(self) -> bool:
        """Whether the member has ended."""
        return self._inflate.eof

    @property
    def unused_data(self) -> bytes:
        """What came behind its end."""
        return self._inflate.unused_data

    @property
    def needs_input(self) -> bool:
        """Whether all that was given has been unpacked."""
        return not self._inflate.unconsumed_tail

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """What ``data`` unpacks to, at most ``max_length`` bytes of it."""
        return self._inflate.decompress(self._inflate.unconsumed_tail + data, max(0, max_length))


class MemberStream:
    """What the members unpack to, one behind the other."""

    def __init__(
        self,
        source: Stream,
        make: Callable[[], Unpacker],
        begins: Callable[[bytes], bool],
        most: int | None = None,
    ) -> None:
        """``begins`` says whether bytes behind a member are another one; ``most``: so many are unpacked at most."""
        self._left = most
        self._source, self._make, self._begins = source, make, begins
        self._unpacker: Unpacker | None = None
        self._waiting = b""
        self._ended = False

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes; none at the end. Raises EOFError where a member is cut short."""
        limit = size if size > 0 else _CHUNK
        while not self._ended:
            if self._unpacker is None and not self._next():
                break
            if plain := self._unpack(limit):
                return plain
        return b""

    def rest(self) -> Stream | None:
        """What stands behind the last member, once all was read; None where that is nothing, or zeros."""
        if not self._ended or not self._waiting:
            return None
        return Behind(self._waiting, self._source)

    def _next(self) -> bool:
        self._waiting = self._waiting.lstrip(b"\0")
        while len(self._waiting) < _HEAD and (more := self._source.read(_CHUNK)):
            self._waiting = (self._waiting + more).lstrip(b"\0")
        if self._left != 0 and self._begins(self._waiting):
            self._left = None if self._left is None else self._left - 1
            self._unpacker = self._make()
            return True
        self._ended = True
        return False

    def _unpack(self, limit: int) -> bytes:
        assert self._unpacker is not None  # noqa: S101  the caller has made one
        given = b""
        if self._unpacker.needs_input:
            given, self._waiting = self._waiting or self._source.read(_CHUNK), b""
            if not given:
                raise EOFError("compressed file ended before the end-of-stream marker was reached")
        plain = self._unpacker.decompress(given, limit)
        if self._unpacker.eof:
            self._waiting, self._unpacker = (self._unpacker.unused_data or b"") + self._waiting, None
        return plain


class Behind:
    """Some bytes and then the rest of a stream."""

    def __init__(self, first: bytes, then: Stream) -> None:
        self._first, self._then = io.BytesIO(first), then

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes, or all; none at the end."""
        if size < 0:
            return self._first.read() + self._then.read()
        return self._first.read(size) or self._then.read(size)


def members(
    source: Packed, make: Callable[[], Unpacker], begins: Callable[[bytes], bool]
) -> Iterator[Member]:
    """What is in ``source``, and what stands behind it."""
    stream = MemberStream(source, make, begins, most=1 if source.alone else None)
    yield Member("", stream)
    behind = None if source.alone else stream.rest()
    if behind is not None:
        yield Member("behind the end", behind)
