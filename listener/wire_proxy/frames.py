"""Cutting a stream of bytes into messages, in bounded memory: a long message is given with its first part alone."""

from __future__ import annotations

from collections.abc import Iterator

LONGEST = 1 << 20
"""Bytes of a message that are looked at."""


class WireError(ValueError):
    """What came is no such protocol."""


class PostgresFrames:
    """Messages of PostgreSQL: a type, and a length that counts itself ("Message Formats")."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._skip = 0

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """(type, body) of each that is whole, or longer than `LONGEST`. Raises WireError."""
        if self._skip:
            passed = min(self._skip, len(data))
            self._skip -= passed
            data = data[passed:]
        buffer: bytes | bytearray = data
        if self._buffer:
            self._buffer += data
            buffer = self._buffer
        place, size = 0, len(buffer)
        while size - place >= 5:
            length = int.from_bytes(buffer[place + 1 : place + 5], "big")
            if length < 4:
                raise WireError("a message without a length")
            end = place + 1 + length
            if end > size:
                if length <= LONGEST or size - place < LONGEST:
                    break
                yield buffer[place], bytes(buffer[place + 5 : size])
                self._skip, place = end - size, size
                break
            yield buffer[place], bytes(buffer[place + 5 : min(end, place + 5 + LONGEST)])
            place = end
        self._buffer = bytearray(buffer[place:])


class MysqlFrames:
    """Packets of MySQL: three bytes of length, a number ("MySQL Packets"); the parts of a long one are one packet."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._skip = 0
        self._body = bytearray()
        """Parts of a packet so far."""
        self._first = -1
        """The number of its first part; -1: none is there."""
        self._more = False

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """(number, body) of each that is whole; of a long one the first `LONGEST` bytes."""
        self._buffer += data
        buffer, place, size = self._buffer, 0, len(self._buffer)
        while place < size:
            if self._skip:
                taken = min(self._skip, size - place)
                if (room := LONGEST - len(self._body)) > 0:
                    self._body += buffer[place : place + min(taken, room)]
                self._skip -= taken
                place += taken
            elif size - place >= 4:
                self._skip = int.from_bytes(buffer[place : place + 3], "little")
                end = place + 4 + self._skip
                if self._first < 0 and end <= size and self._skip < LONGEST:  # as nearly all are
                    number, self._skip = buffer[place + 3], 0
                    yield number, bytes(buffer[place + 4 : end])
                    place = end
                    continue
                self._more = self._skip == 0xFFFFFF
                if self._first < 0:
                    self._first = buffer[place + 3]
                place += 4
            else:
                break
            if not self._skip and not self._more:
                number, body = self._first, bytes(self._body)
                self._first = -1
                self._body.clear()
                yield number, body
        del buffer[:place]
