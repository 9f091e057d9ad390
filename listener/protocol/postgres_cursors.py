"""Cursors of PostgreSQL that statements declare, read and close: DECLARE, FETCH, MOVE and CLOSE.

Held beside release 15.20. Rows are those that the declared query answered with, few and short.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from listener.protocol.postgres_rules import error, plain
from listener.protocol.sql_answers import SqlAnswer, SqlDone, SqlRefused, SqlRows

_NAME = r'(?P<name>"[^"]+"|[\w$]+)'
_DECLARE = re.compile(
    rf"declare\s+{_NAME}\s+(?P<options>(?:(?:binary|insensitive|asensitive|no\s+scroll|scroll)\s+)*)cursor\s+"
    r"(?:(?P<hold>with|without)\s+hold\s+)?for\s+(?P<query>.+)$",
    re.I | re.S,
)
_FETCH = re.compile(
    r"(?P<verb>fetch|move)\s+(?:(?P<way>next|prior|first|last|forward|backward|absolute|relative)\b\s*)?"
    rf"(?P<count>all\b|[+-]?\s*\d{{1,9}}\b)?\s*(?:(?:from|in)\s+)?{_NAME}$",
    re.I,
)
_CLOSE = re.compile(rf"close\s+{_NAME}$", re.I)
_MOST, _MOST_CHARACTERS = 64, 1 << 17
"""Cursors of one connection, and characters of their rows together; the oldest is forgotten."""
_ALL = 1 << 30


@dataclass(slots=True)
class _Cursor:
    rows: SqlRows
    level: int
    """Savepoints that there were when it was declared."""
    hold: bool
    scrolls: bool
    at: int = 0
    """The row it is on, from 1; 0 before the first, one more than there are behind the last."""


def declared(statement: str, called: str, ask: Callable[[str], SqlAnswer]) -> SqlAnswer | None:
    """What a cursor is declared for, as ``ask`` answers it; outside of a block only one that outlasts it may be, by
    ``called``. None of another statement."""
    declare = _DECLARE.match(statement)
    if declare is None:
        return None
    needs = "" if (declare["hold"] or "").lower() == "with" else called
    found = ask(declare["query"].strip())
    if isinstance(found, SqlRefused):
        return replace(found, verb="SELECT", only_inside=needs)
    return SqlDone("DECLARE", only_inside=needs, rows=found) if isinstance(found, SqlRows) else None


class PostgresCursors:
    """Those of one connection."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, _Cursor] = OrderedDict()

    def run(self, answer: SqlDone, level: int) -> SqlAnswer | None:
        """What a statement about cursors leads to; None of another. ``level``: savepoints that there are."""
        statement = answer.words
        if answer.rows is not None and (declared := _DECLARE.match(statement)):
            return self._declare(declared, answer.rows, level)
        if found := _FETCH.match(statement):
            name = plain(found["name"])
            cursor = self._open.get(name)
            return self._moved(found, cursor) if cursor else _missing(name, "187", "PerformPortalFetch")
        if closed := _CLOSE.match(statement):
            name = plain(closed["name"])
            if name == "all":
                self._open.clear()
                return SqlDone("CLOSE CURSOR ALL")
            known = self._open.pop(name, None)
            return SqlDone("CLOSE CURSOR") if known else _missing(name, "240", "PerformPortalClose")
        return None

    def described(self, statement: str) -> SqlRows | None:
        """The columns of what is fetched; None where there are none."""
        found = _FETCH.match(statement)
        cursor = self._open.get(plain(found["name"])) if found and found["verb"].lower() == "fetch" else None
        return SqlRows(cursor.rows.columns, ()) if cursor else None

    def released(self, level: int) -> None:
        """Savepoints beyond ``level`` are part of what was before them."""
        for cursor in self._open.values():
            cursor.level = min(cursor.level, level)

    def back(self, level: int) -> None:
        """What was declared behind the savepoint of this ``level`` is no more."""
        self._forget(lambda cursor: cursor.level > level)

    def end(self, *, committed: bool) -> None:
        """The transaction is over; what is held stays where that was declared in it and is done, or before."""
        self._forget(lambda cursor: not cursor.hold or (cursor.level >= 0 and not committed))
        for cursor in self._open.values():
            cursor.level = -1

    def _forget(self, which: object) -> None:
        for name in [name for name, cursor in self._open.items() if which(cursor)]:  # type: ignore[operator]
            del self._open[name]

    def _declare(self, found: re.Match[str], rows: SqlRows, level: int) -> SqlAnswer:
        name, options = plain(found["name"]), found["options"].lower().split()
        if name in self._open:
            return error("42P03", f'cursor "{name}" already exists', "portalmem.c", "186", "CreatePortal")
        scrolls = "no" not in options and ("scroll" in options or found["query"][:6].lower() == "values")
        self._open[name] = _Cursor(rows, level, (found["hold"] or "").lower() == "with", scrolls)
        while len(self._open) > 1 and (
            len(self._open) > _MOST or sum(map(_size, self._open.values())) > _MOST_CHARACTERS
        ):
            self._open.popitem(last=False)
        return SqlDone("DECLARE CURSOR")

    def _moved(self, found: re.Match[str], cursor: _Cursor) -> SqlAnswer:
        verb, way, said = found["verb"].upper(), (found["way"] or "forward").lower(), found["count"] or "1"
        count = _ALL if said.lower() == "all" else int(said.replace(" ", ""))
        picked = _picked(cursor, way, count)
        if picked is None:
            hint = "Declare it with SCROLL option to enable backward scan."
            stepped = way in ("forward", "backward", "prior", "next")
            where = ("944", "PortalRunSelect") if stepped else ("1689", "DoPortalRewind")
            return error("55000", "cursor can only scan forward", "pquery.c", *where, hint)
        told = f"{verb} {len(picked)}"
        if verb == "MOVE":
            return SqlDone(told)
        return SqlRows(cursor.rows.columns, tuple(cursor.rows.rows[place - 1] for place in picked), told)


def _picked(cursor: _Cursor, way: str, count: int) -> list[int] | None:
    """The places of the rows that are read, from 1, and where the cursor is then; None where it cannot go there."""
    last, at = len(cursor.rows.rows), cursor.at
    if way in ("next", "prior"):
        way, count = ("forward", 1) if way == "next" else ("backward", 1)
    if way in ("forward", "backward"):
        step = count if way == "forward" else -count
        if step > 0:
            cursor.at = min(at + step, last + 1)
            return list(range(at + 1, min(at + step, last) + 1))
        if step < 0 and not cursor.scrolls:
            return None
        if step < 0:
            cursor.at = max(at + step, 0)
            return list(range(at - 1, max(at + step, 1) - 1, -1))
        return [at] if 1 <= at <= last else []
    goal = {"first": 1, "last": last, "absolute": count if count >= 0 else last + 1 + count}.get(
        way, at + count
    )
    if goal <= at and at and not cursor.scrolls:
        return None
    cursor.at = min(max(goal, 0), last + 1)
    return [cursor.at] if 1 <= cursor.at <= last and cursor.at == goal else []


def _size(cursor: _Cursor) -> int:
    return sum(8 + (len(value) if isinstance(value, str) else 8) for row in cursor.rows.rows for value in row)


def _missing(name: str, line: str, routine: str) -> SqlAnswer:
    return error("34000", f'cursor "{name}" does not exist', "portalcmds.c", line, routine)
