"""SQLite's files: searched as they are, and the rows that are longer than a page holds, which it spreads over pages.

The file is opened for reading only; no view, trigger or function of its schema is run.
"""

from __future__ import annotations

import io
import sqlite3
import tempfile
from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable

_CHUNK = 1 << 20
_LEAST = 400
"""Bytes of a row that may not stand in one page: pages have 512 and more."""
_BATCH = 4 << 20


class SqliteContainer(Container):
    name = "sqlite"
    raw = True
    complete = False

    def fits(self, head: bytes) -> bool:
        return head.startswith(b"SQLite format 3\0")

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        with tempfile.NamedTemporaryFile() as copy:
            while part := source.read(_CHUNK):
                copy.write(part)
            copy.flush()
            base = sqlite3.connect(f"file:{copy.name}?mode=ro&immutable=1", uri=True)
            try:
                yield from _rows(base)
            except sqlite3.Error as error:
                yield Unreadable("", f"its long rows cannot be read: {error}")
            finally:
                base.close()


def _rows(base: sqlite3.Connection) -> Iterator[Member]:
    base.execute("PRAGMA trusted_schema = OFF")
    base.text_factory = bytes
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    for (name,) in base.execute(named).fetchall():
        table = name.decode("utf-8", "replace")
        batch: list[bytes] = []
        size = 0
        quoted = table.replace('"', '""')
        for row in base.execute(f'SELECT * FROM "{quoted}"'):  # noqa: S608  a name of its own, quoted
            text = b"\t".join(value for value in row if isinstance(value, bytes))
            if len(text) >= _LEAST:
                batch.append(text)
                size += len(text)
            if size > _BATCH:
                yield Member(table, io.BytesIO(b"\n".join(batch)))
                batch, size = [], 0
        if batch:
            yield Member(table, io.BytesIO(b"\n".join(batch)))
