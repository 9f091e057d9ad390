"""``pg_dump -Fc``, PostgreSQL's custom archive: its tables' data, deflated in chunks.

The layout is that of PostgreSQL's ``pg_backup_custom.c``: integers are a sign byte and, as the header says, four bytes
with the lowest first; a block is chunks, each behind its length, and ends with a chunk of length 0.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable
from canaries.scan.containers._inflated import Inflated
from canaries.scan.containers._mapped import mapped

_MAGIC, _CUSTOM = b"PGDMP", 1
_INTEGER_AT, _FORMAT_AT, _PACKING_AT = 8, 10, 11
_NAMED_SINCE = (1, 15)
"""The first version of the format that names how data are packed."""
_PACKINGS = {2: "lz4", 3: "zstd"}
_FIRST_CHUNK = re.compile(rb"\0[\x01-\xff\0]{3}\0(?=x[\x01\x5e\x9c\xda])", re.DOTALL)
_LENGTH = 5


class PgDumpContainer(Container):
    name = "pg_dump"
    raw = True

    def fits(self, head: bytes) -> bool:
        return head.startswith(_MAGIC) and len(head) > _PACKING_AT and head[_FORMAT_AT] == _CUSTOM

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        head = source.head
        packing = _PACKINGS.get(head[_PACKING_AT]) if tuple(head[5:7]) >= _NAMED_SINCE else None
        if packing or head[_INTEGER_AT] != _LENGTH - 1:
            yield Unreadable("", f"its data are packed with {packing or 'integers of an unknown size'}")
            return
        with mapped(source) as content:
            place = number = 0
            while found := _FIRST_CHUNK.search(content, place):
                number += 1
                block = _Block(content, found.start())
                yield Member(f"data {number}", Inflated(block))
                place = max(found.end(), block.place)


class _Block(Iterator[bytes]):
    """The chunks of one table's data."""

    def __init__(self, content: mmap.mmap, place: int) -> None:
        self._content = content
        self.place = place
        """Of the next chunk."""

    def __next__(self) -> bytes:
        start = self.place + _LENGTH
        length = int.from_bytes(self._content[self.place + 1 : start], "little")
        if not length:
            raise StopIteration
        self.place = start + length
        return self._content[start : self.place]
