"""The counters behind a table's keys: where they stood before a row was planted, and set back when it is taken out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from canaries.plant.rows.table import Address


def state(connection: Connection, where: Address, key: tuple[str, ...]) -> dict[str, Any]:
    """Where the counter of the key stands, as `set_back` takes it; empty where none can be set."""
    if connection.dialect.name == "postgresql":
        for column in key:
            name = connection.scalar(
                text("SELECT pg_get_serial_sequence(:table, :column)"),
                {"table": _quoted(connection, where), "column": column},
            )
            if name is not None:
                row = connection.execute(text(f"SELECT last_value, is_called FROM {name}")).one()  # noqa: S608  its own quoting
                return {"sequence": name, "value": row[0], "called": row[1], "column": column}
        return {}
    if connection.dialect.name == "sqlite" and len(key) == 1:
        if not connection.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_sequence'")):
            return {}
        value = connection.scalar(
            text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": where.table}
        )
        return {} if value is None else {"value": value}
    return {}


def set_back(connection: Connection, where: Address, before: dict[str, Any], key: Any) -> bool:
    """Set the counter back to ``before`` where nobody drew a number after ``key``; whether it was."""
    if not before or not str(key).isdecimal():
        return False
    if connection.dialect.name == "postgresql":
        now = connection.scalar(text(f"SELECT last_value FROM {before['sequence']}"))  # noqa: S608  as above
        if now != int(key):
            return False
        said = {"name": before["sequence"], "value": before["value"], "called": before["called"]}
        connection.execute(text("SELECT setval(CAST(:name AS regclass), :value, :called)"), said)
        return True
    done = connection.execute(
        text("UPDATE sqlite_sequence SET seq = :value WHERE name = :name AND seq = :key"),
        {"value": before["value"], "name": where.table, "key": int(key)},
    )
    return done.rowcount == 1


def triggers(connection: Connection, where: Address) -> list[str]:
    """Names of the triggers that an insert into the table fires."""
    queries = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:table AS regclass) AND NOT tgisinternal "
        "AND tgtype & 4 = 4 ORDER BY 1",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) = lower(:bare) "
        "AND upper(sql) LIKE '%INSERT%' ORDER BY 1",
        "mysql": "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_TABLE = :bare "
        "AND EVENT_OBJECT_SCHEMA = coalesce(:schema, database()) AND EVENT_MANIPULATION = 'INSERT' ORDER BY 1",
    }
    dialect = "mysql" if connection.dialect.name == "mariadb" else connection.dialect.name
    said = {"table": _quoted(connection, where), "bare": where.table, "schema": where.schema}
    query = text(queries[dialect])
    return [
        str(row[0]) for row in connection.execute(query, {name: said[name] for name in query._bindparams})
    ]


def _quoted(connection: Connection, where: Address) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return f"{quote(where.schema)}.{quote(where.table)}" if where.schema else quote(where.table)
