"""The two ways an HTTP/1 body ends (RFC 9112, sections 6 and 7): by its announced length, or chunk by chunk, as
nginx reads chunks (ngx_http_parse_chunked): a lone LF ends a line too.

Each measures how many of the bytes at hand belong to the body, and keeps the content up to a limit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_LINE_LIMIT: Final = 16_384


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the framing, and what may yet become one."""

    whole: re.Pattern[bytes]
    begun: re.Pattern[bytes]


_SIZE = _Line(
    re.compile(rb"([0-9A-Fa-f]+)(?:[;\t ][^\r\n]*)?\r?\n"),
    re.compile(rb"(?:[0-9A-Fa-f]+(?:[;\t ][^\r\n]*)?\r?)?\Z"),
)
"""chunk-size and its ignored extensions (section 7.1)."""
_DIGITS = re.compile(rb"[0-9A-Fa-f]*")
_DATA_END = _Line(re.compile(rb"\r?\n"), re.compile(rb"\r?\Z"))
_TRAILER = _Line(re.compile(rb"[^\r\n]*\r?\n"), re.compile(rb"[^\r\n]*\r?\Z"))
_LARGEST: Final = ((1 << 63) - 1) // 16
"""What a size may be before one more character of its line."""


def _size(line: bytes) -> int:
    """What the digits at the beginning of ``line`` say."""
    digits = _DIGITS.match(line)
    return int(digits[0], 16) if digits and digits[0] else 0


class Sized:
    """A body of known length (section 6.2)."""

    def __init__(self, length: int, limit: int) -> None:
        self._left = self.announced = length
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
        """Bytes of the current chunk's data still to come."""
        self._next = _SIZE
        """The line that is behind them."""
        self._begins = 0
        """Bytes of a chunk of which none has come."""
        self.announced = 0
        """Bytes of content that the chunks say they have; one counts from its first byte on."""
        self.kept = bytearray()
        """The content without the framing, at most ``limit`` bytes of it."""
        self.done = False
        """Whether the whole body has come."""

    def consume(self, buffer: bytearray) -> int:
        """As in `Sized`. Raises ValueError for bytes that are no chunk, as soon as that is known."""
        position = 0
        while position < len(buffer) and not self.done:
            step = self._data(buffer, position) if self._left else self._line(buffer, position)
            if step == 0:
                break
            position += step
        return position

    def _data(self, buffer: bytearray, position: int) -> int:
        count = min(self._left, len(buffer) - position)
        self.kept += buffer[position : position + min(count, self._limit - len(self.kept))]
        self._left -= count
        self.announced, self._begins = self.announced + self._begins, 0
        return count

    def _line(self, buffer: bytearray, position: int) -> int:
        found = self._next.whole.match(buffer, position, position + _LINE_LIMIT)
        if found is None:
            if len(buffer) - position >= _LINE_LIMIT:
                raise ValueError("a line between chunks does not end")
            begun = self._next.begun.match(buffer, position)
            if begun is None or (begun[0] and self._next is _SIZE and _size(begun[0][:-1]) > _LARGEST):
                raise ValueError("not a chunk")
            return 0
        if self._next is _SIZE:
            size = _size(found[1])
            if size > _LARGEST:
                raise ValueError("a chunk is too large")
            self._left = self._begins = size
            self._next = _DATA_END if size else _TRAILER
        elif self._next is _DATA_END:
            self._next = _SIZE
        else:
            self.done = not found[0].strip(b"\r\n")
        return found.end() - position
