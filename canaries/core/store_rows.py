"""Rows into tables: many at once, and where one may be there already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Table

_TOGETHER, _MOST_VALUES = 500, 32_766
"""Rows of one statement, during which other threads run; values that SQLite binds in one."""


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows, each a tuple in the order of the table's columns: no per-row Python in between.

    Columns at the end that the tuples leave out keep their defaults.
    """
    if not rows:
        return
    dialect = connection.dialect.name
    names = _first(table, len(rows[0]))
    done, together = 0, min(_TOGETHER, _MOST_VALUES // len(names))
    while dialect == "sqlite" and len(rows) - done >= together:
        values = tuple(chain.from_iterable(rows[done : done + together]))
        connection.exec_driver_sql(_insertion(dialect, table, names, together), values)
        done += together
    if done < len(rows):
        connection.exec_driver_sql(_insertion(dialect, table, names), list(rows[done:]))


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
def _insertion(dialect: str, table: Table, names: tuple[str, ...], rows: int = 1) -> str:
    """INSERT of ``rows`` rows. Identifiers come from Table objects and from the code, values are bound."""
    mark = "?" if dialect == "sqlite" else "%s"
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join([mark] * len(names))
    return f'INSERT INTO "{table.name}" ({columns}) VALUES {", ".join([f"({marks})"] * rows)}'  # noqa: S608
