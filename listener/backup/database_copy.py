"""The database as one SQLite file, and such a file as a database, on either engine."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, func, select

from canaries.core.errors import StoreError
from canaries.core.schema import metadata
from canaries.core.store import Store

_PART = 2_000
"""Rows at a time."""


def save(source: Store, path: Path) -> dict[str, int]:
    """The database as it is at one moment, while others write to it; rows by table."""
    copy = Store.sqlite(path)
    try:
        with source.read() as connection, copy.write() as target:
            metadata.create_all(target)
            return _rows(connection, copy, target)
    finally:
        copy.close()


def load(path: Path, target: Store) -> None:
    """Put what `save` wrote into an empty database, whole or not at all. Raises StoreError where it is not empty."""
    source = Store.sqlite(path)
    try:
        with source.read() as connection, target.write() as written:
            refuse_occupied(target, written)
            metadata.create_all(written)
            _rows(connection, target, written)
    finally:
        source.close()


def refuse_occupied(target: Store, connection: Connection) -> None:
    """Raises StoreError where an installation has its tables there."""
    if target.engine.dialect.has_table(connection, "meta"):
        raise StoreError(
            "this database already belongs to an installation", hint="give a fresh one as store.url"
        )


def counts(store: Store) -> dict[str, int]:
    """Rows by table."""
    with store.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def _rows(source: Connection, target: Store, written: Connection) -> dict[str, int]:
    found: dict[str, int] = {}
    for table in metadata.sorted_tables:
        found[table.name] = 0
        rows = source.execute(select(table), execution_options={"yield_per": _PART})
        for part in rows.partitions():
            target.bulk(written, table, [tuple(row) for row in part])
            found[table.name] += len(part)
    return found
