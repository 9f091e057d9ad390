"""From an older database to the present one.

Since 0.1 a release only adds: tables, columns (with a ``server_default``, so that a program of the older version that
still runs can go on inserting) and indexes. `upgrade` therefore makes whatever `canaries.core.schema` names and the
database lacks, then runs the steps that fill what was added. A new column, table or index needs no line here; data that
must be carried over needs a step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection, Table, inspect
from sqlalchemy.schema import CreateColumn, CreateIndex, DropIndex

from canaries.core.errors import StoreError
from canaries.core.schema import entry, metadata

VERSION = 10
"""Of the schema: 1 is release 0.1; 2 to 9 are 0.2 before it was released; 10 is 0.2."""

OLDEST = 1

Step = Callable[[Connection], None]


def _incidents_have_been_told_of(connection: Connection) -> None:
    """0.1 told of single sources: its incidents begin as told, so that an upgrade sends no old alerts."""
    connection.exec_driver_sql(
        "INSERT INTO notice (incident_id, seen, told, own, strength, networks, level, told_at, due_at, held_until)"
        " SELECT id, hits, hits, 0, 0, 0, 0, last_at, '', '' FROM incident"
    )


def _look_ups_are_no_acts(connection: Connection) -> None:
    """The index of what operators did leaves out look-ups, of which there may be as many as of hits."""
    [index] = [one for one in entry.indexes if one.name == "entry_acts"]
    connection.execute(DropIndex(index, if_exists=True))
    connection.execute(CreateIndex(index))


STEPS: Mapping[int, Sequence[Step]] = {1: (_incidents_have_been_told_of,), 8: (_look_ups_are_no_acts,)}
"""Version to what fills the additions of the next one."""


def upgrade(connection: Connection, version: int) -> None:
    """Bring a database of ``version`` to `VERSION`, in the caller's transaction. Raises StoreError."""
    if version < OLDEST:
        raise StoreError(
            f"the database says it is of version {version}, which never existed",
            hint="restore it from a backup",
        )
    if version > VERSION:
        raise StoreError(
            f"the database is of version {version}, this Trapline knows {VERSION}",
            hint="install the newer Trapline",
        )
    add_what_is_missing(connection)
    for number in range(version, VERSION):
        for step in STEPS.get(number, ()):
            step(connection)


def add_what_is_missing(connection: Connection) -> None:
    """Make the tables, columns and indexes that the schema names and the database lacks."""
    present = set(inspect(connection).get_table_names())
    metadata.create_all(connection)
    for table in metadata.sorted_tables:
        if table.name in present:
            _add_columns(connection, table)
            _add_indexes(connection, table)


def _add_columns(connection: Connection, table: Table) -> None:
    present = {column["name"] for column in inspect(connection).get_columns(table.name)}
    for column in table.columns:
        if column.name not in present:
            words = CreateColumn(column).compile(dialect=connection.dialect)
            connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ADD COLUMN {words}')


def _add_indexes(connection: Connection, table: Table) -> None:
    present = {index["name"] for index in inspect(connection).get_indexes(table.name)}
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        if index.name not in present:
            connection.execute(CreateIndex(index))
