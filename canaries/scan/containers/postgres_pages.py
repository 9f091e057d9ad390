"""PostgreSQL's own files of tables: values that are packed, and those that are cut into chunks of a TOAST table.

The layout is that of PostgreSQL's ``bufpage.h``, ``htup_details.h`` and ``varatt.h`` on machines with the lowest byte
first. No catalogue is asked: whatever unpacks to exactly the length it says is a packed value. So rows that were
deleted and not yet overwritten are seen as well.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from itertools import islice

import numpy as np

from canaries.scan.containers import Container, Member, Packed, Unreadable
from canaries.scan.containers._mapped import mapped
from canaries.scan.containers._packed_values import (
    CHUNK,
    LEFT,
    PAGE,
    PackedValues,
    chunk_rows,
    is_page,
    likely,
    packed_in,
    value_of,
)

_PAGES_AT_ONCE = 512
_MOST_CHUNKS = 4 << 20


class PostgresContainer(Container):
    name = "postgres"
    raw = True
    complete = False

    def fits(self, head: bytes) -> bool:
        return is_page(head)

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        with mapped(source) as content:
            yield from _inline(content)
            yield from _chunked(content)


def _inline(content: mmap.mmap) -> Iterator[Member | Unreadable]:
    """Values that stand packed in a row."""
    step = _PAGES_AT_ONCE * PAGE
    parts = (content[start : start + step] for start in range(0, len(content), step))
    return packed_in("packed values", len(content), ((part, likely(part, PAGE)) for part in parts))


def _chunked(content: mmap.mmap) -> Iterator[Member | Unreadable]:
    """The values of a TOAST table, each put together again and unpacked; nothing where it is another table."""
    chunks = np.fromiter(islice(chunk_rows(content), _MOST_CHUNKS), np.dtype("u4,u4,u8,u4"))
    values, parts, whole, torn = PackedValues("values"), list[bytes](), -1, False
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
        yield Unreadable("", LEFT)
    elif torn and int(chunks["f3"].max()) == CHUNK:
        yield Unreadable("", "values of which it has a part only: dump the table, and scan that")


def _told(values: PackedValues, parts: list[bytes]) -> Iterator[Member]:
    joined = b"".join(parts)
    packed, _ = value_of(joined, int.from_bytes(joined[:4], "little"))
    if packed or len(parts) > 1:  # a value of one chunk stands whole in the page
        yield from values.add(packed or joined)
