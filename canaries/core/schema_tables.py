"""Make the tables of a new database: the statements are compiled once in a process, for each sort of database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine.mock import MockConnection

from canaries.core.schema import metadata

_compiled: dict[str, tuple[str, ...]] = {}


def create_tables(connection: Connection) -> None:
    """Make every table and index. The database holds none of them: nothing is asked before."""
    dialect = connection.dialect
    if dialect.name not in _compiled:
        found: list[str] = []

        def keep(element: Any, *_: Any, **__: Any) -> None:
            found.append(str(element.compile(dialect=dialect)))

        metadata.create_all(MockConnection(dialect, keep), checkfirst=False)
        _compiled[dialect.name] = tuple(found)
    for statement in _compiled[dialect.name]:
        connection.exec_driver_sql(statement)
