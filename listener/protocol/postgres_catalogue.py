"""What PostgreSQL 15 tells any account of the server itself: databases, roles, schemas, tablespaces, extensions.

A client lists them first of all (``\\l``, ``\\du``, ``SELECT datname FROM pg_database``), and on a real server no such
list is empty.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

from listener.protocol import sql_listing
from listener.protocol.postgres_listed import BESIDE, OWNER, ROLES, TABLES
from listener.protocol.sql_answers import SqlRows, SqlSession
from listener.protocol.sql_listing import Row, SqlLists
from listener.protocol.sql_values import SqlValue

_SYSTEM_SIZE = 7_557_635
"""Bytes of a database with nothing in it."""
_DESCRIBED = {
    5: "default administrative connection database",
    1: "default template for new databases",
    4: "unmodifiable empty database",
    2200: "standard public schema",
    11: "system catalog schema",
    99: "reserved schema for TOAST tables",
}


def answer(statement: str, user: str, database: str, session: SqlSession | None = None) -> SqlRows | None:
    """The rows of a query of one of these lists; None of any other, and of one that is not understood.

    Raises SqlTooMuchError.
    """
    tables = {name: made(user, database) for name, made in TABLES.items()}
    return sql_listing.answer(
        statement, SqlLists("postgres", tables, BESIDE, _FUNCTIONS, session or SqlSession({}), _special)
    )


def _special(expression: str, row: Row) -> SqlValue | None:
    if expression.startswith("array(") and "pg_auth_members" in expression:
        return "{}"
    if expression.startswith("case") and "datlocprovider" in expression:
        return "libc"
    if expression.startswith("case") and "pg_database_size" in expression and "datname" in row:
        return _pretty(_size(str(row["datname"])))
    return None


def _size(database: str) -> int:
    """Bytes: of one with nothing in it, or what differs by its name."""
    own = database not in ("postgres", "template0", "template1")
    return _SYSTEM_SIZE + (zlib.crc32(database.encode()) % 9_000 + 400) * 8_192 * own


def _pretty(size: SqlValue) -> str:
    """As pg_size_pretty rounds."""
    kilobytes = ((size if isinstance(size, int) else 0) * 2 // 1024 + 1) // 2
    return f"{kilobytes} kB" if kilobytes < 10_240 else f"{(kilobytes * 2 // 1024 + 1) // 2} MB"


def _owner(oid: SqlValue) -> SqlValue:
    names = {number: name for name, number in (("postgres", OWNER), *ROLES)}
    return names.get(int(oid), f"unknown (OID={oid})") if isinstance(oid, int) else None


def _lines(array: SqlValue) -> SqlValue:
    return None if array is None else str(array).strip("{}").replace(",", "\n")


_FUNCTIONS: Mapping[str, Callable[[SqlValue], SqlValue]] = {
    "pg_get_userbyid": _owner,
    "pg_encoding_to_char": lambda number: "UTF8" if number == 6 else "",
    "array_to_string": _lines,
    "shobj_description": lambda oid: _DESCRIBED.get(oid) if isinstance(oid, int) else None,
    "obj_description": lambda oid: _DESCRIBED.get(oid) if isinstance(oid, int) else None,
    "pg_tablespace_location": lambda _: "",
    "pg_database_size": lambda name: _size(str(name)),
    "pg_size_pretty": _pretty,
}
