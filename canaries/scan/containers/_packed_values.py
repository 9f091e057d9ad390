"""Values that PostgreSQL packed, wherever it wrote them: finding them, and giving what they unpack to."""

from __future__ import annotations

import io
import mmap
from collections.abc import Iterable, Iterator

import numpy as np

from canaries.scan.containers import Member, Unreadable
from canaries.scan.containers._toasted import unpack_value

CHUNK = 1996
"""Bytes of every chunk of a value but the last (``heaptoast.h``)."""
HEAD = 8
"""Bytes before what is packed: its length, then what it unpacks to and how it was packed."""
WORK = 64
"""Bytes that may come out of what is no packed value, for each byte of the file."""
LEFT = "the rest of its packed values was left: dump the table, and scan that"
PAGE = 8192
_HEADER = 24
_VERSION = b"\x04\x20"
"""The size of a page, and 4: the layout since PostgreSQL 8.3."""
_NORMAL, _COLUMNS, _ROW_HEAD = 1, 3, 24
"""The state of a row that is in use, the columns of a TOAST table, and the bytes before a row's first."""
_PACKED, _LENGTH_SHIFT, _SIZE_BITS = 2, 2, 30
_SIZES = (1 << _SIZE_BITS) - 1
_BATCH = 4 << 20
_MOST = 1 << 30
"""Bytes that the values of one file, which has at most as many itself, may unpack to."""


class PackedValues:
    """Values put together into members of some megabytes."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._values: list[bytes] = []
        self._size = self._number = 0
        self.left = _MOST
        """Bytes that may still be taken in."""

    def add(self, value: bytes) -> Iterator[Member]:
        """Take ``value`` in; a member where that makes one."""
        if self.left > 0:
            self.left -= len(value)
            self._values.append(value)
            self._size += len(value)
        if self._size >= _BATCH:
            yield from self.rest()

    def rest(self) -> Iterator[Member]:
        """What was taken in since the last member."""
        if self._values:
            self._number += 1
            yield Member(f"{self._name} {self._number}", io.BytesIO(b"\n".join(self._values)))
        self._values, self._size = [], 0


def packed_in(
    name: str, size: int, parts: Iterable[tuple[bytes, Iterable[tuple[int, int, int]]]]
) -> Iterator[Member | Unreadable]:
    """Values that stand packed in rows. ``parts``: of the file's ``size`` bytes each part, and where in it one may
    stand, as `likely` has it."""
    values, work = PackedValues(name), WORK * size
    for part, places in parts:
        done = 0
        for place, length, info in places:
            if place < done or work <= 0:
                continue
            value, looked = value_of(part[place + 4 : place + length], info)
            if value:
                done = place + length
                yield from values.add(value)
            else:
                work -= looked
    yield from values.rest()
    if work <= 0 or values.left <= 0:
        yield Unreadable("", LEFT)


def value_of(part: bytes, info: int) -> tuple[bytes, int]:
    """As `unpack_value`, for what stands behind the word ``info`` that ``part`` begins with."""
    return unpack_value(part[4:], info & _SIZES, info >> _SIZE_BITS)


def likely(part: bytes, page: int = 0) -> Iterator[tuple[int, int, int]]:
    """Where a packed value may stand, its length with its head, and what it says of itself.

    ``page``: so many bytes has one, in which it ends; 0 where there are none.
    """
    words = np.frombuffer(part[: len(part) // 4 * 4], "<u4")
    if len(words) < 2:
        return
    heads, infos = words[:-1], words[1:]
    lengths = heads >> _LENGTH_SHIFT
    room = page - (np.arange(len(heads)) * 4) % page if page else PAGE
    fits = ((heads & 3) == _PACKED) & (lengths > HEAD) & (lengths <= room) & (infos >> _SIZE_BITS <= 1)
    fits &= (infos & _SIZES) + 4 > lengths - HEAD  # nothing is packed that does not become shorter
    for place in np.flatnonzero(fits).tolist():
        yield place * 4, int(lengths[place]), int(infos[place])


def is_page(head: bytes) -> bool:
    """Whether a page of a table or an index begins with ``head``."""
    if len(head) < _HEADER or head[18:20] != _VERSION:
        return False
    lower, upper, special = (int.from_bytes(head[at : at + 2], "little") for at in (12, 14, 16))
    return _HEADER <= lower <= upper <= special <= PAGE


def chunk_rows(content: mmap.mmap | bytes) -> Iterator[tuple[int, int, int, int]]:
    """(value, number, where its bytes are, how many) of every row that can be a chunk; ends where a row cannot be."""
    for start in range(0, len(content) - PAGE + 1, PAGE):
        page = content[start : start + PAGE]
        if not is_page(page):
            continue
        for at in range(_HEADER, int.from_bytes(page[12:14], "little") - 3, 4):
            pointer = int.from_bytes(page[at : at + 4], "little")
            place, state, length = pointer & 0x7FFF, pointer >> 15 & 3, pointer >> 17
            if state != _NORMAL:
                continue
            head = page[place : place + _ROW_HEAD + 12]
            if len(head) < _ROW_HEAD + 9 or head[18] != _COLUMNS or head[19] & 7 or head[22] != _ROW_HEAD:
                return
            begins, size = plain_value(head, _ROW_HEAD + 8)
            if begins + size != length or not 0 < size <= CHUNK or place + length > PAGE:
                return
            value, number = (
                int.from_bytes(head[one : one + 4], "little") for one in (_ROW_HEAD, _ROW_HEAD + 4)
            )
            yield value, number, start + place + begins, size


def plain_value(row: bytes, at: int) -> tuple[int, int]:
    """Where the bytes of the value at ``at`` begin, and how many there are: it has a head of one byte, or of four."""
    if row[at] & 1:
        return at + 1, (row[at] >> 1) - 1
    return at + 4, (int.from_bytes(row[at : at + 4], "little") >> _LENGTH_SHIFT) - 4
