"""PostgreSQL's write-ahead log, a segment at a time: its records without the headers of pages that cut them, the images
of pages, packed or not, and values that are packed or cut into chunks.

The layout is that of PostgreSQL's ``xlog_internal.h`` and ``xlogrecord.h`` on machines with the lowest byte first,
since version 9.5. Records that were left from an earlier use of the file are seen as well.
"""

from __future__ import annotations

import io
import mmap
from collections.abc import Iterator
from dataclasses import dataclass, field

from canaries.scan.containers import BROKEN, Container, Member, Packed, Unreadable
from canaries.scan.containers._mapped import mapped
from canaries.scan.containers._packed_values import (
    CHUNK,
    LEFT,
    PAGE,
    PackedValues,
    chunk_rows,
    likely,
    packed_in,
    plain_value,
    value_of,
)
from canaries.scan.containers._toasted import LZ4, PGLZ, unpack_value
from canaries.scan.containers._zstd import unpacked_frame

_SHORT, _LONG = 24, 40
"""Bytes of a page's header, and of the first page's."""
_IS_LONG = 2
_FIRST_WITH_METHODS = 0xD110
"""The log's version since which an image says how it was packed: PostgreSQL 15."""
_MOST_AT_ONCE = 32 << 20
_RECORD = 24
_BLOCKS, _ORIGIN, _TOP_XID, _LONG_DATA, _DATA = 32, 253, 252, 254, 255
_HAS_IMAGE, _HAS_DATA, _SAME_TABLE = 0x10, 0x20, 0x80
_HAS_HOLE = 1
_HEAP, _INSERT = 10, 0
_ROW_HEAD, _PAD = 5, 1
"""Bytes before a row's columns in a record: what is logged of its head (``xl_heap_header``), then none are NULL."""
_CUT_OFF = "a packed page goes on in another segment: scan the tables' files"


class PostgresWalContainer(Container):
    name = "postgres_wal"

    def fits(self, head: bytes) -> bool:
        page, segment = _number(head, 36, 4), _number(head, 32, 4)
        return (
            len(head) >= _LONG
            and head[1] in (0xD0, 0xD1)
            and bool(head[2] & _IS_LONG)
            and head[2] < 16
            and not head[3]
            and page in {1 << power for power in range(10, 17)}
            and segment in {1 << power for power in range(20, 31)}
            and _number(head, 8, 8) % segment == 0
        )

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        chunks, torn = _Chunks(), False
        with mapped(source) as content:
            methods = _number(content, 0, 2) >= _FIRST_WITH_METHODS
            for number, (rest, run) in enumerate(_runs(content, _number(content, 36, 4)), 1):
                yield Member(f"records {number}", io.BytesIO(run))
                yield from _packed(f"packed values {number}", run)
                records = _Records(run, methods, chunks)
                pages = records.pages(rest)
                while batch := b"".join(page for page, _ in zip(pages, range(512), strict=False)):
                    yield Member(f"pages {number}", io.BytesIO(b"\n" + batch))  # not to be taken for a table
                    yield from _packed(f"packed values of pages {number}", batch)
                torn = torn or records.torn
                if records.unread:
                    yield Unreadable("", f"{records.unread} images of pages that cannot be unpacked")
        yield from chunks.values()
        if torn:
            yield Unreadable("", _CUT_OFF)


def _number(content: bytes | mmap.mmap, at: int, size: int) -> int:
    return int.from_bytes(content[at : at + size], "little")


def _runs(content: mmap.mmap, size: int) -> Iterator[tuple[int, bytes]]:
    """The pages without their headers, as far as they follow each other, and how much of the first ends a record."""
    magic, parts, room = content[:2], list[bytes](), _MOST_AT_ONCE
    rest, expected = 0, -1
    for start in range(0, len(content), size):
        page = content[start : start + size]
        known = page[:2] == magic and len(page) > _LONG
        address = _number(page, 8, 8) if known else -1
        if parts and (address != expected or room <= 0):
            yield rest, b"".join(parts)
            parts, room = [], _MOST_AT_ONCE
        if not parts:
            rest = _number(page, 16, 4) if known else -1
        body = page[(_LONG if page[2] & _IS_LONG else _SHORT) if known else 0 :]
        if known or body.strip(b"\0"):
            parts.append(body)
        room -= len(body)
        expected = address + size if known else -1
    if parts:
        yield rest, b"".join(parts)


def _packed(name: str, run: bytes) -> Iterator[Member | Unreadable]:
    """Values that stand packed in a row: wherever, as records begin anywhere."""
    places = sorted(
        (place + shift, length, info) for shift in range(4) for place, length, info in likely(run[shift:])
    )
    return packed_in(name, len(run), [(run, places)])


@dataclass(slots=True)
class _Chunks:
    """Chunks of values that are longer than a row may be: of rows put into TOAST tables, and of such pages."""

    found: dict[int, dict[int, bytes]] = field(default_factory=dict)
    left: int = 1 << 28

    def row(self, data: bytes) -> None:
        """``data`` is what a record says of a new row."""
        if (
            len(data) < _ROW_HEAD + _PAD + 10
            or _number(data, 0, 2) & 0x7FF != 3
            or data[4] != 24
            or data[2] & 1
        ):
            return
        value, turn = _number(data, 6, 4), _number(data, 10, 4)
        begins, size = plain_value(data, 14)
        if 0 < size <= CHUNK and begins + size == len(data):
            self._add(value, turn, data[begins:])

    def page(self, page: bytes) -> None:
        """``page`` is that of a table or an index."""
        for value, turn, place, size in chunk_rows(page):
            self._add(value, turn, page[place : place + size])

    def _add(self, value: int, turn: int, part: bytes) -> None:
        if self.left > 0:
            self.left -= len(part)
            self.found.setdefault(value, {})[turn] = part

    def values(self) -> Iterator[Member | Unreadable]:
        """Each put together again."""
        values, torn = PackedValues("values"), False
        for chunks in self.found.values():
            parts = [chunks[turn] for turn in sorted(chunks)]
            value, known = _whole(parts)
            torn = (
                torn or sorted(chunks) != list(range(len(chunks))) or (len(parts[-1]) == CHUNK and not known)
            )
            if known or len(parts) > 1:
                yield from values.add(value)
        yield from values.rest()
        if torn:
            yield Unreadable("", "values of which it has a part only: scan the tables' files")
        if self.left <= 0 or values.left <= 0:
            yield Unreadable("", LEFT)


def _whole(parts: list[bytes]) -> tuple[bytes, bool]:
    """What chunks give, and whether it was packed."""
    joined = b"".join(parts)
    value, _ = value_of(joined, _number(joined, 0, 4))
    return value or joined, bool(value)


class _Records:
    """The records of some pages."""

    def __init__(self, run: bytes, methods: bool, chunks: _Chunks) -> None:
        self._run, self._methods, self._chunks = run, methods, chunks
        self.torn = False
        """Whether a packed image is cut off; afterwards."""
        self.unread = 0
        """Images that were not unpacked; afterwards."""

    def pages(self, rest: int) -> Iterator[bytes]:
        """The images of pages. The first ``rest`` bytes end a record of which the beginning is not here."""
        at = (rest + 7) & ~7 if rest >= 0 else len(self._run)
        while (length := _number(self._run, at, 4)) >= _RECORD:
            record = self._run[at : at + length]
            if len(record) >= _RECORD:
                yield from self._record(record, whole=len(record) == length)
            at = (at + length + 7) & ~7

    def _record(self, record: bytes, *, whole: bool) -> Iterator[bytes]:
        blocks, at = _heads(record, self._methods)
        for image, methods, hole, hole_size, data in blocks:
            packed, at = record[at : at + image], at + image
            if image and (whole or at <= len(record)):
                plain = _image(packed, methods, PAGE - hole_size)
                self.unread += not plain
                if plain:
                    page = plain[:hole] + bytes(hole_size) + plain[hole:]
                    self._chunks.page(page)
                    yield page
            elif image:
                self.torn = self.torn or bool(methods)
            if data and record[17] == _HEAP and record[16] & 0x70 == _INSERT:
                self._chunks.row(record[at : at + data])
            at += data


def _heads(record: bytes, methods: bool) -> tuple[list[tuple[int, int, int, int, int]], int]:
    """Of each block (bytes of its image, how that is packed, where its hole is, and how large, bytes of its data), and
    where what they tell of begins."""
    at, waiting, blocks = _RECORD, 0, list[tuple[int, int, int, int, int]]()
    while at + 2 <= len(record) and len(record) - at > waiting:
        sort = record[at]
        if sort in (_DATA, _LONG_DATA):
            return blocks, at + (2 if sort == _DATA else 5)
        if sort in (_ORIGIN, _TOP_XID):
            at += 3 if sort == _ORIGIN else 5
            continue
        if sort > _BLOCKS:
            return [], len(record)
        flags, data = record[at + 1], _number(record, at + 2, 2)
        at += 4
        image = way = hole = hole_size = 0
        if flags & _HAS_IMAGE:
            image, hole, info = _number(record, at, 2), _number(record, at + 2, 2), _number(record, at + 4, 1)
            at += 5
            way = info & 0x1C if methods else (info & 2) << 1
            hole_size = max(0, PAGE - image)
            if way:
                hole_size = _number(record, at, 2) if info & _HAS_HOLE else 0
                at += 2 if info & _HAS_HOLE else 0
        at += 4 if flags & _SAME_TABLE else 16
        blocks.append((image, way, hole, hole_size, data))
        waiting += image + data
    return blocks, at


def _image(packed: bytes, way: int, size: int) -> bytes:
    """The bytes of a page without its hole; empty where they cannot be had."""
    if not way:
        return packed
    if way & 0x10:
        try:
            return unpacked_frame(packed, size)
        except BROKEN:
            return b""
    return unpack_value(packed, size, PGLZ if way & 4 else LZ4)[0]
