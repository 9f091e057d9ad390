"""Rows into tables: many at once, and where one may be there already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows, each a tuple in the order of the table's columns: no per-row Python in between.

    Columns at the end that the tuples leave out keep their defaults.
    """
    if not rows:
        return
    inserted = _insertion(connection.dialect.name, table, _first(table, len(rows[0])))
    connection.exec_driver_sql(inserted, list(rows))


def upsert(connection: Connection, table: Table, row: Mapping[str, Any], change: Mapping[str, Any]) -> None:
    """Insert ``row``; where its primary key exists, apply ``change`` instead, atomically."""
    from sqlalchemy.dialects import postgresql, sqlite

    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(**row)
    key = [column.name for column in table.primary_key]
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=dict(change)))


def upsert_many(
    connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], changed: Sequence[str]
) -> None:
    """Insert ``rows``, of different primary keys, as `insert_rows` does; where one exists, take over the columns
    ``changed``."""
    if not rows:
        return
    key = ", ".join(f'"{column.name}"' for column in table.primary_key)
    change = ", ".join(f'"{name}" = excluded."{name}"' for name in changed)
    inserted = _insertion(connection.dialect.name, table, _first(table, len(rows[0])))
    connection.exec_driver_sql(f"{inserted} ON CONFLICT ({key}) DO UPDATE SET {change}", list(rows))


def _first(table: Table, count: int) -> tuple[str, ...]:
    return tuple(column.name for column in list(table.columns)[:count])


@cache
def _insertion(dialect: str, table: Table, names: tuple[str, ...]) -> str:
    """INSERT of one row. Identifiers come from Table objects and from the code, values are bound."""
    mark = "?" if dialect == "sqlite" else "%s"
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join([mark] * len(names))
    return f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})'  # noqa: S608
