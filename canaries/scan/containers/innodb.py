"""InnoDB's own files (MySQL, MariaDB): searched as they are, and MariaDB's ``COMPRESSED`` columns, which are packed.

Such a value begins with a byte that says how many bytes of length follow, the highest first; then comes a raw deflate
stream (MariaDB's ``pack_length`` and ``compress_zlib``, without ``column_compression_zlib_wrap``). A value that is
longer than a page is spread over several, and read as far as its first goes. In tables with ``ROW_FORMAT=COMPRESSED``
pages and long values are packed once more, a long value over all of its pages (``page0zip.cc``, ``btr0cur.cc``).
"""

from __future__ import annotations

import io
import mmap
import re
import zlib
from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable
from canaries.scan.containers._mapped import mapped

_REDO = b"Phys\0\0\0\0"
"""How the redo log of MariaDB 10.8 and later begins."""
_HEADER = b"\0\x08"
"""FIL_PAGE_TYPE_FSP_HDR: a data file's first page."""
_VALUE = re.compile(rb"[\x89-\x8c]")
_SHORTEST, _LONGEST = 32, 1 << 30
"""Bytes that a value unpacks to."""
_MOST, _PART = 64 << 20, 256
"""Bytes of a value that are read, and of one that goes on elsewhere at least: less may be chance."""
_SMALLEST, _TRAILER, _SLACK = 1024, 8, 1024
"""Bytes of the smallest page there is, and of a page's end that hold no row; what deflate adds at most to what it
cannot pack."""
_FLAGS_AT, _NEW_CHECKSUM = 54, 0x10
"""Where in the first page the table space's flags stand, and the one that MariaDB sets from 10.5 on: then the lowest
four bits say how large a page is. Before, and in MySQL, bits 1 to 4 do for tables with ``ROW_FORMAT=COMPRESSED``, and
bits 6 to 9 for others (``fsp0types.h``)."""
_HALF, _USUAL = 512, 5
"""A page has this many bytes, doubled as often as the flags say; so often where they say nothing."""
_BATCH = 4 << 20


_PAGE_TYPE, _NEXT = 24, 12
"""Where in a page its type and the number of the page after it stand."""
_ROWS, _LONG = 94, 38
"""Where the zlib stream begins in a page of rows, and in the first and any other page of a long value."""
_STREAMS = {b"\x45\xbf": _ROWS, b"\0\x0b": _LONG}
"""By the page's type: FIL_PAGE_INDEX, FIL_PAGE_TYPE_ZBLOB."""
_LONG_VALUES = (b"\0\x0b", b"\0\x0c")
"""FIL_PAGE_TYPE_ZBLOB and FIL_PAGE_TYPE_ZBLOB2: pages in which nothing stands as it is."""


class InnodbContainer(Container):
    name = "innodb"
    raw = True
    complete = False

    def fits(self, head: bytes) -> bool:
        if head.startswith(_REDO):
            return True
        first = head[4:8] == bytes(4) and head[24:26] == _HEADER
        return first and len(head) >= 42 and head[34:38] == head[38:42]  # the table space, twice

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        batch, size, cut = list[bytes](), 0, 0
        page = 0 if source.head.startswith(_REDO) else _page_size(source.head)
        with mapped(source) as content:
            short = page and len(content) % _SMALLEST
            values = _packed_values(content, page) if _is_packed(source.head) else _values(content, page)
            for value, whole in values:
                batch.append(value)
                size, cut = size + len(value), cut + (not whole)
                if size > _BATCH:
                    yield Member("compressed values", io.BytesIO(b"\n".join(batch)))
                    batch, size = [], 0
        if batch:
            yield Member("compressed values", io.BytesIO(b"\n".join(batch)))
        if short:
            yield Unreadable("", "its last page is cut short")
        if cut:
            yield Unreadable("", f"of {cut} compressed values only the first page is read: export the table")


def _page_size(head: bytes) -> int:
    """Bytes of a page in a data file that begins with ``head``."""
    flags = int.from_bytes(head[_FLAGS_AT : _FLAGS_AT + 4], "big")
    doubled = flags & 15 if flags & _NEW_CHECKSUM else flags >> 1 & 15 or flags >> 6 & 15
    return _HALF << (doubled or _USUAL)


def _is_packed(head: bytes) -> bool:
    """Whether the table has ``ROW_FORMAT=COMPRESSED``."""
    flags = int.from_bytes(head[_FLAGS_AT : _FLAGS_AT + 4], "big")
    return not head.startswith(_REDO) and not flags & _NEW_CHECKSUM and flags >> 1 & 15 != 0


def _packed_values(content: mmap.mmap, page: int) -> Iterator[tuple[bytes, bool]]:
    """Those in the pages of such a table. Behind a page's stream stands, as it is, what came since it was packed."""
    followed: set[int] = set()
    for start in range(0, len(content) - page + 1, page):
        sort = content[start + _PAGE_TYPE : start + _PAGE_TYPE + 2]
        begin = _STREAMS.get(sort)
        if sort not in _LONG_VALUES:
            yield from _values(content[start : start + page], page)
        if begin is not None:
            yield from _values(_unpacked(content, page, start, begin, followed), 0)


def _unpacked(content: mmap.mmap, page: int, start: int, begin: int, followed: set[int]) -> bytes:
    """What the stream in the page at ``start`` unpacks to, as far as it can be read; no page is ``followed`` twice."""
    stream, made, size = zlib.decompressobj(), list[bytes](), 0
    try:
        while not stream.eof and size < _MOST:
            made.append(stream.decompress(content[start + begin : start + page], _MOST - size))
            size += len(made[-1])
            number = int.from_bytes(content[start + _NEXT : start + _NEXT + 4], "big")
            if begin == _ROWS or number in followed or (number + 1) * page > len(content):
                break
            followed.add(number)
            start = number * page
    except zlib.error:
        pass
    return b"".join(made)


def _values(content: mmap.mmap | bytes, page: int) -> Iterator[tuple[bytes, bool]]:
    """What each compressed value unpacks to, and whether that is all of it; no stream goes on over a ``page``'s end."""
    done = 0
    for found in _VALUE.finditer(content):
        start = found.end() + (found[0][0] & 7)
        length = int.from_bytes(content[found.end() : start], "big")
        if found.start() < done or not _SHORTEST <= length <= _LONGEST:
            continue
        end = min(len(content), (start // page + 1) * page - _TRAILER if page else start + length + _SLACK)
        stream = zlib.decompressobj(-15)
        try:
            value = stream.decompress(content[start:end], min(length + 1, _MOST))
        except zlib.error:
            continue
        if stream.eof and len(value) == length:
            done = start
            yield value, True
        elif not stream.eof and length > len(value) >= _PART:
            yield value, False
