"""Text in EBCDIC, from mainframes: as code pages 37 (and so 1140) and 500, which differ in some signs, have it."""

from __future__ import annotations

import string
from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Stream, Unreadable

_PAGES = ("cp037", "cp500")
_SHORTEST = 16
_LETTERS = (string.ascii_letters + string.digits).encode(_PAGES[0])
_WRITTEN = _LETTERS + " .,:;-_@/'\"()=+".encode(_PAGES[0]) + b"\x15\x25\x0d\x05\0"
"""What text is made of, with its line ends and tabs, and the zeros of records with a fixed length."""
_LEAST, _LEAST_LETTERS, _LEAST_FILLED, _MOST_ASCII = 0.8, 0.4, 0.1, 0.02


class EbcdicContainer(Container):
    name = "ebcdic"
    raw = True
    complete = False

    def fits(self, head: bytes) -> bool:
        size, blank = len(head), head.count(b"\x40") + head.count(b"\0")
        if size < _SHORTEST or head.isascii():
            return False
        letters = size - len(head.translate(None, _LETTERS))
        written = size - len(head.translate(None, _WRITTEN))
        spaces = head.count(b" ") + head.count(b"\n")
        if written < size * _LEAST or spaces > size * _MOST_ASCII:
            return False
        return letters >= max((size - blank) * _LEAST_LETTERS, size * _LEAST_FILLED)

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        with source.file() as file:
            for page in _PAGES:
                file.seek(0)
                yield Member(page, _Translated(file, page))


class _Translated:
    """A stream of bytes in a code page, as Latin-1."""

    def __init__(self, stream: Stream, page: str) -> None:
        self._stream = stream
        self._table = bytes(range(256)).decode(page).encode("latin-1")

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes, or all; none at the end."""
        return self._stream.read(size).translate(self._table)
