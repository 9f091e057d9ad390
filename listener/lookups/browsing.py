"""Look-ups a page at a time, newest first, by keyset; and one of them.

Who looked and for what reason is sealed, so that these are asked of what was opened: a page opens a bounded number of
look-ups, says how many, and may be short, even empty, and still have a place behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Select, select, tuple_

from canaries.core import store
from canaries.core.errors import NotFoundError, TraplineError
from listener.lookups import listing, people
from listener.lookups.listing import Lookup, LookupFilter, LookupOpener, resolve

if TYPE_CHECKING:
    from canaries.installation.home import Home

PAGE = 50
MOST_OPENED = 1_000
"""Look-ups that are opened for one page."""
_AT_ONCE = 200
_PLACE = re.compile(r"(\d{4}-[0-9T:.-]{5,22}Z),([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class LookupPage:
    """Some of the list."""

    found: list[Lookup]
    after: str
    """The place behind them, ``TIME,ID``; empty: there are no more."""
    looked: int
    """How many were opened."""


def page(home: Home, wanted: LookupFilter, *, after: str = "", size: int = PAGE) -> LookupPage:
    """Up to ``size`` of them from behind ``after``. Raises TraplineError where that is no place in the list."""
    known, begin = people.load(home.path / people.FILE), _place(after)
    found: list[Lookup] = []
    looked, behind = 0, begin
    with home.store.read() as connection:
        opener = LookupOpener(home, connection, known)
        for place, one in _opened(connection, opener, wanted, begin):
            looked, behind = looked + 1, place
            if one is not None and wanted.wants(one):
                found.append(one)
            if len(found) == size or looked == MOST_OPENED:
                break
        more = looked > 0 and connection.execute(_query(wanted, behind).limit(1)).first() is not None
    return LookupPage(found, ",".join(behind) if more and behind else "", looked)


def by_person(home: Home, wanted: LookupFilter, after: str = "") -> tuple[dict[str, list[Lookup]], str]:
    """The newest that one page may open, by person, oldest first; and the place behind them, empty where that is all.

    Raises TraplineError where ``after`` is no place in the list.
    """
    look = page(home, wanted, after=after, size=MOST_OPENED)
    return listing.by_person(look.found[::-1]), look.after


def one(home: Home, lookup_id: str) -> Lookup:
    """By its id, or how that begins. Raises NotFoundError, also where it was erased."""
    statement, known = resolve(home, lookup_id), people.load(home.path / people.FILE)
    with home.store.read() as connection:
        ids = [entry for _, entry in _entries(connection, [statement])[statement]]
        found = list(LookupOpener(home, connection, known).open([(statement, ids)]))
    if not found:
        raise NotFoundError(f"what the look-up {statement[:8]} says was erased")
    return found[0]


def _opened(
    connection: Connection, opener: LookupOpener, wanted: LookupFilter, after: tuple[str, str] | None
) -> Iterator[tuple[tuple[str, str], Lookup | None]]:
    """Every place behind ``after`` with its look-up; None: it was erased, or stands at an earlier time too."""
    while True:
        places = [
            (row.at, row.statement) for row in connection.execute(_query(wanted, after).limit(_AT_ONCE)).all()
        ]
        if not places:
            return
        entries = _entries(connection, [statement for _, statement in places])
        first = [(at, statement) for at, statement in places if entries[statement][0][0] == at]
        ids = [(statement, [entry for _, entry in entries[statement]]) for _, statement in first]
        opened = {found.id: found for found in opener.open(ids)}
        for place in places:
            yield place, opened.get(place[1]) if place in first else None
        after = places[-1]


def _query(wanted: LookupFilter, after: tuple[str, str] | None) -> Select[tuple[str, str]]:
    table = store.looked_up
    query = select(table.c.at, table.c.statement).distinct()
    if wanted.since:
        query = query.where(table.c.at >= wanted.since)
    if wanted.until:
        query = query.where(table.c.at < wanted.until)
    if after:
        query = query.where(tuple_(table.c.at, table.c.statement) < tuple_(*after))
    return query.order_by(table.c.at.desc(), table.c.statement.desc())


def _entries(connection: Connection, statements: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Statement to (time, entry), by time."""
    table = store.looked_up
    query = select(table.c.statement, table.c.at, table.c.entry_id).where(table.c.statement.in_(statements))
    found: dict[str, list[tuple[str, str]]] = {}
    for row in connection.execute(query.distinct().order_by(table.c.at, table.c.entry_id)):
        found.setdefault(row.statement, []).append((row.at, row.entry_id))
    return found


def _place(after: str) -> tuple[str, str] | None:
    if not after:
        return None
    parsed = _PLACE.fullmatch(after)
    if parsed is None:
        raise TraplineError("this is no place in the list", hint="begin at its first page")
    return parsed[1], parsed[2]
