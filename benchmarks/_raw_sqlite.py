"""What SQLite itself takes to store some rows, with the durability of our store and nothing else."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path


def insert(path: Path, rows: Sequence[tuple[object, ...]], batch: int) -> None:
    """Insert ``rows``, the first column the key, ``batch`` of them a transaction."""
    names = [f"c{number}" for number in range(len(rows[0]))]
    marks = ", ".join("?" * len(names))
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute(f"CREATE TABLE plain ({', '.join(names)}, PRIMARY KEY ({names[0]})) WITHOUT ROWID")
        for start in range(0, len(rows), batch):
            database.execute("BEGIN IMMEDIATE")
            database.executemany(f"INSERT INTO plain VALUES ({marks})", rows[start : start + batch])
            database.execute("COMMIT")
