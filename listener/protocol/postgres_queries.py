"""Queries of PostgreSQL that make their own rows: VALUES, and WITH before a SELECT of what it names."""

from __future__ import annotations

import re
from collections.abc import Callable

from listener.protocol import sql_answers
from listener.protocol.sql_answers import SqlAnswer, SqlRefused, SqlRows

_VALUES = re.compile(r"values\s*(?=\()", re.I)
_NAMED = re.compile(
    r"with\s+(?:recursive\s+)?(\w+)\s*(?:\(([^()]*)\)\s*)?as\s*(?:(?:not\s+)?materialized\s*)?\(", re.I
)
_FROM = re.compile(r"select\s+(?P<columns>[\w\s,.*]+?)\s+from\s+(?P<name>\w+)(?:\s+(?:limit\s+\d+)?)?$", re.I)
_MOST_ROWS = 256


def answer(statement: str, ask: Callable[[str], SqlAnswer]) -> SqlAnswer | None:
    """None of what is neither, or more than this. ``ask``: answers another statement."""
    if head := _VALUES.match(statement):
        return _values(statement[head.end() :], ask)
    named = _NAMED.match(statement)
    if named is None:
        return None
    end = _closing(statement, named.end() - 1)
    main = _FROM.match(statement[end + 1 :].strip())
    found = ask(statement[named.end() : end].strip()) if end > 0 else None
    if isinstance(found, SqlRefused) and found.verb == "SELECT":
        return found
    if not isinstance(found, SqlRows) or main is None or main["name"].lower() != named[1].lower():
        return None
    names = tuple(name.strip() for name in named[2].split(",")) if named[2] else found.columns
    wanted = [name.strip().lower() for name in main["columns"].split(",")]
    if wanted == ["*"]:
        return SqlRows(names, found.rows)
    places = [names.index(name) for name in wanted if name in names]
    if len(places) < len(wanted):
        return SqlRefused(next(name for name in wanted if name not in names), "SELECT", "column")
    return SqlRows(tuple(wanted), tuple(tuple(row[place] for place in places) for row in found.rows))


def _values(said: str, ask: Callable[[str], SqlAnswer]) -> SqlAnswer | None:
    rows = []
    for item in sql_answers.items(said)[:_MOST_ROWS]:
        if not item.startswith("(") or _closing(item, 0) != len(item) - 1:
            return None
        found = ask(f"SELECT {item[1:-1]}")
        if not isinstance(found, SqlRows):
            return found
        rows.append(found.rows[0])
    width = len(rows[0]) if rows else 0
    if not width or any(len(row) != width for row in rows):
        return None
    return SqlRows(tuple(f"column{number}" for number in range(1, width + 1)), tuple(rows))


def _closing(said: str, at: int) -> int:
    """Where the bracket that opens at a place is closed, outside of quotes; -1 where it is not."""
    depth = 0
    for match in re.finditer(r"'(?:[^']|'')*'|\"[^\"]*\"|[()]|.", said[at:], re.S):
        depth += (match[0] == "(") - (match[0] == ")")
        if depth == 0:
            return at + match.start()
    return -1
