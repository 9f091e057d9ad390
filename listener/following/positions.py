"""How far each file of a log was read: rows of the table `drained`, beside those of the journal's segments.

A file is known by its inode and its first line, so that it stays the same when it is renamed, and is another one when
it was emptied. The position moves in the transaction of the hits that lie before it.
"""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sqlalchemy import Connection, delete, select

from canaries.core import store

if TYPE_CHECKING:
    from canaries.core.store import Store

_FIRST = 1024
"""Bytes of a first line that count."""
_PACKED = {".gz", ".bz2", ".xz", ".zst"}
_SEEN, _LINES, _MALFORMED = "seen", "lines", "malformed"


def fingerprint(file: BinaryIO) -> tuple[str, str]:
    """(of this file, of its first line); both empty while it has no whole line."""
    file.seek(0)
    first = file.read(_FIRST)
    end = first.find(b"\n")
    if end < 0 and len(first) < _FIRST:
        return "", ""
    line = hashlib.sha256(first[: end if end >= 0 else _FIRST]).hexdigest()
    inode = os.fstat(file.fileno()).st_ino
    return hashlib.sha256(f"{inode} {line}".encode()).hexdigest()[:24], line


class LogPositions:
    """The positions of one log, or of what else is read from where reading stopped. Raises StoreError."""

    def __init__(self, database: Store, name: str, sort: str = "log") -> None:
        self._store, self._prefix = database, f"{sort}:{name}:"
        with database.read() as connection:
            self._known = self._load(connection)

    def _load(self, connection: Connection) -> dict[str, int]:
        table = store.drained
        query = select(table.c.segment, table.c.offset).where(
            table.c.segment.startswith(self._prefix, autoescape=True)
        )
        return {row.segment.removeprefix(self._prefix): row.offset for row in connection.execute(query)}

    def segment(self, file: str) -> str:
        """The name of a file's row."""
        return self._prefix + file

    def get(self, file: str) -> int | None:
        """How far it was read; None: never."""
        return self._known.get(file)

    def moved(self, file: str, offset: int) -> None:
        """Note what was committed."""
        self._known[file] = offset

    @property
    def seen_at(self) -> int:
        """Seconds since the epoch of the last look; 0: this log was never read."""
        return self._known.get(_SEEN, 0)

    @property
    def counts(self) -> tuple[int, int]:
        """(lines, malformed ones) so far; a kill may cost the count of one block."""
        return self._known.get(_LINES, 0), self._known.get(_MALFORMED, 0)

    def save(self, changed: dict[str, int]) -> None:
        """Write positions that no hits go with."""
        with self._store.write() as connection:
            for name, value in changed.items():
                row = {"segment": self.segment(name), "offset": value, "done": False}
                store.upsert(connection, store.drained, row, {"offset": value})
        self._known |= changed

    def looked(self, now: int, lines: int, malformed: int) -> None:
        """After a look that read something, or the first one."""
        before = self.counts
        self.save({_SEEN: now, _LINES: before[0] + lines, _MALFORMED: before[1] + malformed})

    def keep_only(self, files: Iterable[str]) -> None:
        """Forget files that are there no more."""
        gone = set(self._known) - set(files) - {_SEEN, _LINES, _MALFORMED}
        if gone:
            table = store.drained
            with self._store.write() as connection:
                connection.execute(
                    delete(table).where(table.c.segment.in_([self.segment(one) for one in gone]))
                )
            for one in gone:
                del self._known[one]


def beside(path: Path) -> list[Path]:
    """The file and what it was renamed to, oldest first; compressed ones are not among them."""
    names = path.parent.glob(f"{glob.escape(path.name)}*")
    files = [one for one in names if one.suffix not in _PACKED and one.is_file()]
    # the live file comes last, whatever its clock says
    return sorted(files, key=lambda one: (one == path, one.stat().st_mtime, str(one)))
