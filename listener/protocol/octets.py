"""Reading binary messages field by field: each is asked for by its width, what is not there raises ShortError."""

from __future__ import annotations

from typing import Literal

Order = Literal["little", "big"]


class ShortError(ValueError):
    """The message ends before the field does."""

    def __init__(self, text: str, missing: int = 1) -> None:
        """``missing``: bytes, at least."""
        super().__init__(text)
        self.missing = missing


class Octets:
    """A message and how far it has been read."""

    def __init__(self, data: bytes | bytearray, order: Order = "little") -> None:
        self._data, self._order, self.at = bytes(data), order, 0

    @property
    def left(self) -> int:
        """Bytes not yet read."""
        return len(self._data) - self.at

    def next_bytes(self, count: int) -> bytes:
        """The next ``count`` bytes. Raises ShortError."""
        if not 0 <= count <= self.left:
            raise ShortError(f"{count} bytes wanted, {self.left} left", max(1, count - self.left))
        self.at += count
        return self._data[self.at - count : self.at]

    def rest(self) -> bytes:
        """All that is left."""
        return self.next_bytes(self.left)

    def number(self, width: int, *, signed: bool = False) -> int:
        """The next ``width`` bytes as an integer, in this message's byte order. Raises ShortError."""
        return int.from_bytes(self.next_bytes(width), self._order, signed=signed)

    def text(self) -> bytes:
        """Up to the next NUL, which is read too. Raises ShortError where there is none."""
        end = self._data.find(b"\0", self.at)
        if end < 0:
            raise ShortError("the text does not end")
        found = self.next_bytes(end - self.at)
        self.at += 1
        return found

    def slice(self, begin: int, count: int) -> bytes:
        """``count`` bytes at an offset of the message, wherever reading has come to. Raises ShortError."""
        if not 0 <= begin <= begin + count <= len(self._data):
            raise ShortError(f"no {count} bytes at {begin}")
        return self._data[begin : begin + count]
