"""PostgreSQL's own files of tables: values that are packed, and those that are cut into chunks of a TOAST table.

The layout is that of PostgreSQL's ``bufpage.h``, ``htup_details.h`` and ``varatt.h`` on machines with the lowest byte
first. No catalogue is asked: whatever unpacks to exactly the length it says is a packed value. So rows that were
deleted and not yet overwritten are seen as well.
"""

from __future__ import annotations

import io
import mmap
from collections.abc import Iterator
from itertools import islice

import numpy as np

from canaries.scan.containers import Container, Member, Packed, Unreadable
from canaries.scan.containers._mapped import mapped
from canaries.scan.containers._toasted import unpack_value

_PAGE = 8192
_HEADER = 24
_VERSION = b"\x04\x20"
"""The size of a page, and 4: the layout since PostgreSQL 8.3."""
_PAGES_AT_ONCE = 512
_BATCH = 4 << 20
_PACKED, _LENGTH_SHIFT, _SIZE_BITS = 2, 2, 30
_SIZES = (1 << _SIZE_BITS) - 1
_NORMAL, _COLUMNS, _ROW_HEAD = 1, 3, 24
"""The state of a row that is in use, the columns of a TOAST table, and the bytes before a row's first."""
_HEAD = 8
"""Bytes before what is packed: its length, then what it unpacks to and how it was packed."""
_MOST = 1 << 30
"""Bytes that the values of one file, which has at most as many itself, may unpack to."""
_WORK = 64
"""Bytes that may come out of what is no packed value, for each byte of the file."""
_CHUNK = 1996
"""Bytes of every chunk of a value but the last (``heaptoast.h``)."""
_MOST_CHUNKS = 4 << 20
_LEFT = "the rest of its packed values was left: dump the table, and scan that"


class PostgresContainer(Container):
    name = "postgres"
    raw = True
    complete = False

    def fits(self, head: bytes) -> bool:
        return len(head) >= _HEADER and head[18:20] == _VERSION and _is_page(head)

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        with mapped(source) as content:
            yield from _inline(content)
            yield from _chunked(content)


def _is_page(head: bytes) -> bool:
    lower, upper, special = (int.from_bytes(head[at : at + 2], "little") for at in (12, 14, 16))
    return _HEADER <= lower <= upper <= special <= _PAGE


class _Values:
    """Values put together into members of some megabytes."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._values: list[bytes] = []
        self._size = self._number = 0
        self.left = _MOST

    def add(self, value: bytes) -> Iterator[Member]:
        if self.left > 0:
            self.left -= len(value)
            self._values.append(value)
            self._size += len(value)
        if self._size >= _BATCH:
            yield from self.rest()

    def rest(self) -> Iterator[Member]:
        if self._values:
            self._number += 1
            yield Member(f"{self._name} {self._number}", io.BytesIO(b"\n".join(self._values)))
        self._values, self._size = [], 0


def _inline(content: mmap.mmap) -> Iterator[Member | Unreadable]:
    """Values that stand packed in a row."""
    values, work = _Values("packed values"), _WORK * len(content)
    step = _PAGES_AT_ONCE * _PAGE
    for start in range(0, len(content), step):
        part, done = content[start : start + step], 0
        for place, length, info in _likely(part):
            if place < done or work <= 0:
                continue
            size, method = info & _SIZES, info >> _SIZE_BITS
            value, looked = unpack_value(part[place + _HEAD : place + length], size, method)
            if value:
                done = place + length
                yield from values.add(value)
            else:
                work -= looked
    yield from values.rest()
    if work <= 0 or values.left <= 0:
        yield Unreadable("", _LEFT)


def _likely(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Where a packed value may stand, its length with its head, and what it says of itself."""
    words = np.frombuffer(part[: len(part) // 4 * 4], "<u4")
    if len(words) < 2:
        return
    heads, infos = words[:-1], words[1:]
    lengths = heads >> _LENGTH_SHIFT
    room = _PAGE - (np.arange(len(heads)) * 4) % _PAGE
    fits = ((heads & 3) == _PACKED) & (lengths > _HEAD) & (lengths <= room) & (infos >> _SIZE_BITS <= 1)
    fits &= (infos & _SIZES) + 4 > lengths - _HEAD  # nothing is packed that does not become shorter
    for place in np.flatnonzero(fits).tolist():
        yield place * 4, int(lengths[place]), int(infos[place])


def _chunked(content: mmap.mmap) -> Iterator[Member | Unreadable]:
    """The values of a TOAST table, each put together again and unpacked; nothing where it is another table."""
    chunks = np.fromiter(islice(_chunks(content), _MOST_CHUNKS), np.dtype("u4,u4,u8,u4"))
    values, parts, whole, torn = _Values("values"), list[bytes](), -1, False
    for number in np.lexsort((chunks["f1"], chunks["f0"])).tolist():
        value, turn, place, length = (int(one) for one in chunks[number])
        if value != whole or turn != len(parts):
            yield from _told(values, parts)
            torn = torn or turn != 0
            parts, whole = [], value if turn == 0 else -1
        if value == whole:
            parts.append(content[place : place + length])
    yield from _told(values, parts)
    yield from values.rest()
    if (len(chunks) and values.left <= 0) or len(chunks) == _MOST_CHUNKS:
        yield Unreadable("", _LEFT)
    elif torn and int(chunks["f3"].max()) == _CHUNK:
        yield Unreadable("", "values of which it has a part only: dump the table, and scan that")


def _told(values: _Values, parts: list[bytes]) -> Iterator[Member]:
    joined = b"".join(parts)
    info = int.from_bytes(joined[:4], "little")
    packed, _ = unpack_value(joined[4:], info & _SIZES, info >> _SIZE_BITS)
    if packed or len(parts) > 1:  # a value of one chunk stands whole in the page
        yield from values.add(packed or joined)


def _chunks(content: mmap.mmap) -> Iterator[tuple[int, int, int, int]]:
    """(value, number, where its bytes are, how many) of every row that can be a chunk; ends where a row cannot be."""
    for start in range(0, len(content) - _PAGE + 1, _PAGE):
        page = content[start : start + _PAGE]
        if page[18:20] != _VERSION or not _is_page(page):
            continue
        for at in range(_HEADER, int.from_bytes(page[12:14], "little") - 3, 4):
            pointer = int.from_bytes(page[at : at + 4], "little")
            place, state, length = pointer & 0x7FFF, pointer >> 15 & 3, pointer >> 17
            if state != _NORMAL:
                continue
            head = page[place : place + _ROW_HEAD + 12]
            if len(head) < _ROW_HEAD + 9 or head[18] != _COLUMNS or head[19] & 7 or head[22] != _ROW_HEAD:
                return
            begins, size = _plain_value(head, _ROW_HEAD + 8)
            if begins + size != length or not 0 < size <= _CHUNK or place + length > _PAGE:
                return
            value, number = (
                int.from_bytes(head[one : one + 4], "little") for one in (_ROW_HEAD, _ROW_HEAD + 4)
            )
            yield value, number, start + place + begins, size


def _plain_value(row: bytes, at: int) -> tuple[int, int]:
    """Where the bytes of the value at ``at`` begin, and how many there are: it has a head of one byte, or of four."""
    if row[at] & 1:
        return at + 1, (row[at] >> 1) - 1
    return at + 4, (int.from_bytes(row[at : at + 4], "little") >> _LENGTH_SHIFT) - 4
