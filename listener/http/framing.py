"""The two ways an HTTP/1 body ends (RFC 9112, sections 6 and 7): by its announced length, or chunk by chunk.

Each measures how many of the bytes at hand belong to the body, and keeps the content up to a limit.
"""

from __future__ import annotations

import re
from typing import Final

_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[\t ]*(?:;[^\r\n]*)?\r\n")
"""chunk-size and its ignored extensions (section 7.1)."""

_LINE_LIMIT: Final = 4096
_CRLF: Final = b"\r\n"


class Sized:
    """A body of known length (section 6.2)."""

    def __init__(self, length: int, limit: int) -> None:
        self._left = length
        self._limit = limit
        self.kept = bytearray()
        """The content, at most ``limit`` bytes of it."""

    @property
    def done(self) -> bool:
        """Whether the whole body has come."""
        return self._left == 0

    def consume(self, buffer: bytearray) -> int:
        """How many bytes at the beginning of ``buffer`` belong to the body; they must not be shown again."""
        count = min(self._left, len(buffer))
        self._left -= count
        self.kept += buffer[: min(count, self._limit - len(self.kept))]
        return count


class Chunked:
    """A chunked body (section 7.1): ``SIZE CRLF DATA CRLF`` until SIZE is 0, then trailers and an empty line."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._left = 0
        """Bytes of the current chunk's data, and its CRLF, still to come."""
        self._in_trailers = False
        self.kept = bytearray()
        """The content without the framing, at most ``limit`` bytes of it."""
        self.done = False
        """Whether the whole body has come."""

    def consume(self, buffer: bytearray) -> int:
        """As in `Sized`. Raises ValueError for bytes that are no chunk."""
        position = 0
        while position < len(buffer) and not self.done:
            step = self._data(buffer, position) if self._left else self._line(buffer, position)
            if step == 0:
                break
            position += step
        return position

    def _data(self, buffer: bytearray, position: int) -> int:
        count = min(self._left, len(buffer) - position)
        middle = position + min(count, max(0, self._left - len(_CRLF)))
        self.kept += buffer[position : min(middle, position + self._limit - len(self.kept))]
        closing = buffer[middle : position + count]
        seen = max(0, len(_CRLF) - self._left)
        if closing != _CRLF[seen : seen + len(closing)]:
            raise ValueError("a chunk is longer than it says")
        self._left -= count
        return count

    def _line(self, buffer: bytearray, position: int) -> int:
        end = buffer.find(b"\n", position, position + _LINE_LIMIT)
        if end < 0:
            if len(buffer) - position >= _LINE_LIMIT:
                raise ValueError("a line between chunks does not end")
            return 0
        line = bytes(buffer[position : end + 1])
        if self._in_trailers:
            self.done = line == _CRLF
            return len(line)
        match = _CHUNK.fullmatch(line)
        if match is None:
            raise ValueError("not a chunk size")
        size = int(match[1], 16)
        self._left = size + len(_CRLF) if size else 0
        self._in_trailers = size == 0
        return len(line)
