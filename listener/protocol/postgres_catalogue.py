"""What PostgreSQL 15 tells any account of the server itself: databases, roles, schemas, tablespaces, extensions.

A client lists them first of all (``\\l``, ``\\du``, ``SELECT datname FROM pg_database``), and on a real server no such
list is empty. What is not understood of a query is not answered here.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from listener.protocol.postgres_listed import BESIDE, OWNER, ROLES, TABLES
from listener.protocol.sql_answers import SqlRows, items
from listener.protocol.sql_expressions import SqlUnknownError, evaluated
from listener.protocol.sql_values import SqlValue

Row = Mapping[str, SqlValue]

_LONGEST = 2_000
"""Characters of a statement that is looked at; those of psql have half as many."""
_SYSTEM_SIZE = 7_557_635
"""Bytes of a database with nothing in it."""
_CLAUSES = re.compile(
    r"'(?:[^']|'')*'|\"[^\"]*\"|[()]|\b(from|where|group\s+by|having|window|order\s+by|limit|offset|union|fetch|for"
    r"|(?:left\s+(?:outer\s+)?|inner\s+|cross\s+)?join)\b|.",
    re.I | re.S,
)
_SOURCE = re.compile(r"(?:pg_catalog\.|information_schema\.)?(\w+)(?:\s+(?:as\s+)?(\w+))?$", re.I)
_JOINED = re.compile(r"(?:pg_catalog\.)?(\w+)(?:\s+(?:as\s+)?(\w+))?\s+on\s", re.I)
_CALL = re.compile(r"(?:pg_catalog\.)?(\w+)\s*\((.*)\)$", re.I | re.S)
_LIKE = re.compile(r"(.+?)\s+(not\s+)?(?:like|in)\s*('[^']*'|\((?:\s*'[^']*'\s*,?)+\))$", re.I | re.S)
_BEGINS = re.compile(r"(.+?)\s*(!?)~\s*'\^(\w*)'$", re.S)
_NAMED = re.compile(
    r"(.+?) OPERATOR\(pg_catalog\.~\) '\^\((\w+)\)\$'(?: COLLATE pg_catalog\.default)?$", re.S
)
"""As psql asks for what a command names."""
_ORDER = re.compile(r"(?:(\d+)|(?:\w+\.)?(\w+))(?:\s+(asc|desc))?$", re.I)
_DESCRIBED = {
    5: "default administrative connection database",
    1: "default template for new databases",
    4: "unmodifiable empty database",
    2200: "standard public schema",
    11: "system catalog schema",
    99: "reserved schema for TOAST tables",
}


def answer(statement: str, user: str, database: str) -> SqlRows | None:
    """The rows of a query of one of these lists; None of any other, and of one beyond this grammar."""
    clauses = _clauses(re.sub(r"\s+", " ", statement)) if len(statement) < _LONGEST else []
    if len(clauses) < 2 or clauses[1][0] != "from":
        return None
    source = _SOURCE.match(clauses[1][1])
    made = source and TABLES.get(source[1].lower())
    head = re.match(r"select\s+(distinct\b\s*|all\s+)?(.+)$", clauses[0][1], re.I | re.S)
    if not source or not made or not head:
        return None
    try:
        rows = [_seen(row, source, clauses) for row in made(user, database)]
        everything = str(rows[0][""]).split("\0")
        for clause, words in clauses[2:]:
            rows = _narrowed(rows, clause, words)
        found = _listed(rows, items(head[2]), everything)
    except (ValueError, SqlUnknownError):
        return None
    if (head[1] or "").lower().startswith("distinct"):
        found = SqlRows(found.columns, tuple(dict.fromkeys(found.rows)))
    return _ordered(found, clauses)


def _clauses(statement: str) -> list[tuple[str, str]]:
    """The words that begin the parts of a statement, in small letters, each with what stands behind it."""
    found, depth = [["", ""]], 0
    for match in _CLAUSES.finditer(statement):
        depth += (match[0] == "(") - (match[0] == ")")
        if match[1] and depth == 0:
            found.append([" ".join(match[1].lower().split()), ""])
        else:
            found[-1][1] += match[0]
    return [(word, said.strip()) for word, said in found]


def _seen(row: dict[str, SqlValue], source: re.Match[str], clauses: Sequence[tuple[str, str]]) -> Row:
    """A row by all names that its columns have in the statement. Raises ValueError for a table it is not joined to."""
    table, alias = source[1].lower(), (source[2] or source[1]).lower()
    seen = {**row, **{f"{alias}.{name}": value for name, value in row.items()}, "": "\0".join(row)}
    for clause, words in clauses[2:]:
        if clause.endswith("join"):
            joined = _JOINED.match(words)
            beside = joined and BESIDE.get((table, joined[1].lower()))
            if not joined or not beside:
                raise ValueError("another table")
            name = (joined[2] or joined[1]).lower()
            seen |= {f"{name}.{column}": value for column, value in beside.items()}
            seen = {**{column: value for column, value in beside.items() if column not in row}, **seen}
    return seen


def _narrowed(rows: list[Row], clause: str, words: str) -> list[Row]:
    """Raises ValueError and SqlUnknownError on what is not understood."""
    if clause == "where":
        for condition in re.split(r"\s+and\s+", words, flags=re.I):
            rows = [row for row in rows if _holds(condition.strip(), row)]
    elif clause not in ("order by", "limit", "offset") and not clause.endswith("join"):
        raise ValueError("beyond this grammar")
    return rows


def _holds(condition: str, row: Row) -> bool:
    if found := _BEGINS.match(condition):
        return str(_value(found[1], row)).startswith(found[3]) != bool(found[2])
    if found := _NAMED.match(condition):
        return str(_value(found[1], row)) == found[2]
    if found := _LIKE.match(condition):
        texts = re.findall(r"'([^']*)'", found[3])
        wanted = [re.escape(text).replace("%", ".*").replace("_", ".") for text in texts]
        if found[3].startswith("("):
            wanted = [re.escape(text) for text in texts]
        return any(re.fullmatch(one, str(_value(found[1], row)), re.S) for one in wanted) != bool(found[2])
    return _value(condition, row) not in (None, 0, "", "f")


def _value(expression: str, row: Row) -> SqlValue:
    name = re.sub(r"\s", "", expression).lower()
    if name in row and name:
        return row[name]
    if name.startswith("array(") and "pg_auth_members" in name:
        return "{}"
    if name.startswith("case") and "datlocprovider" in name:
        return "libc"
    if name.startswith("case") and "pg_database_size" in name:
        return _pretty(_size(str(row["datname"])))
    call = _CALL.match(expression)
    told = _TOLD.get(call[1].lower()) if call else None
    if call and told:
        return told(_value(next(iter(items(call[2])), ""), row))
    return evaluated(expression, row, "postgres")


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


_TOLD: Mapping[str, Callable[[SqlValue], SqlValue]] = {
    "pg_get_userbyid": _owner,
    "pg_encoding_to_char": lambda number: "UTF8" if number == 6 else "",
    "array_to_string": _lines,
    "shobj_description": lambda oid: _DESCRIBED.get(oid) if isinstance(oid, int) else None,
    "obj_description": lambda oid: _DESCRIBED.get(oid) if isinstance(oid, int) else None,
    "pg_tablespace_location": lambda _: "",
    "pg_database_size": lambda name: _size(str(name)),
    "pg_size_pretty": _pretty,
}
"""Functions of one value that are asked of a row."""


def _listed(rows: Sequence[Row], asked: Sequence[str], everything: Sequence[str]) -> SqlRows:
    """Raises ValueError and SqlUnknownError."""
    if [re.sub(r"\s", "", item).lower() for item in asked] == ["count(*)"]:
        return SqlRows(("count",), ((len(rows),),))
    columns = list[tuple[str, str]]()
    for item in asked:
        if item.rpartition(".")[2] == "*":
            columns += [(name, name) for name in everything]
        else:
            columns.append(_named(item))
    listed = (tuple(_value(expression, row) for expression, _ in columns) for row in rows)
    return SqlRows(tuple(name for _, name in columns), tuple(listed))


def _named(item: str) -> tuple[str, str]:
    """Expression and name of a column, as the server names it."""
    if found := re.match(
        r"(.+?)\s+as\s+(\"[^\"]+\"|\w+)$|(.+?)\s+(\"[^\"]+\"|(?!end\b)\w+)$", item, re.I | re.S
    ):
        name = found[2] or found[4]
        return found[1] or found[3], name.strip('"') if name.startswith('"') else name.lower()
    call = _CALL.match(item)
    return item, call[1].lower() if call else item.strip("() ").rpartition(".")[2].strip('"').lower()


def _ordered(found: SqlRows, clauses: Sequence[tuple[str, str]]) -> SqlRows:
    """By the columns that are named, and no more of them than are asked for."""
    rows = list(found.rows)
    said = dict(clauses)
    for one in reversed(items(said.get("order by", ""))):
        order = _ORDER.match(one)
        place = int(order[1][:3]) - 1 if order and order[1] else -1
        if order and order[2] and order[2].lower() in found.columns:
            place = found.columns.index(order[2].lower())
        if order and 0 <= place < len(found.columns):
            rows.sort(key=partial(_key, place), reverse=(order[3] or "").lower() == "desc")
    first = int(said["offset"][:9]) if re.match(r"\d+", said.get("offset", "")) else 0
    most = int(said["limit"][:9]) if re.fullmatch(r"\d+", said.get("limit", "")) else len(rows)
    return SqlRows(found.columns, tuple(rows[first : first + most]))


def _key(place: int, row: Sequence[SqlValue]) -> tuple[bool, bool, int, str]:
    value = row[place]
    return value is None, isinstance(value, str), value if isinstance(value, int) else 0, str(value)
