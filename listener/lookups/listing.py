"""Look-ups for people: opened from the ledger, with who it was, and what came of it.

Minimised unless it is asked for in full: no query text, and nothing that says whose records they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from canaries.core import store
from canaries.core.errors import NotFoundError
from listener.lookups import people
from listener.lookups.people import PeopleMap
from listener.sensors import watches
from listener.sensors.watches import WatchedRecord

if TYPE_CHECKING:
    from canaries.installation.home import Home

SHORTEST_PREFIX = 4
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reviewer found."""

    found: str
    """One of `listener.lookups.review.OUTCOMES`."""
    by: str
    at: str
    note: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """One statement at one table."""

    id: str
    body: dict[str, Any]
    """Of its first entry: the database's word."""
    rows: int
    """Watched records that it touched, of `of`."""
    of: int
    person: str
    """Who looked, by the mapping file."""
    relation: str
    """``own record``, ``colleague's record``, or empty."""
    exempt: bool
    """Whether a program of its own read, which needs no reason: ``exempt`` of the mapping file."""
    watched: tuple[WatchedRecord, ...]
    entries: tuple[str, ...]
    outcome: Outcome | None

    @property
    def at(self) -> str:
        """By the database's clock."""
        return str(self.body["looked_up_at"])

    @property
    def certificate(self) -> str:
        """The name in the client's certificate, where a proxy before the database verified one."""
        return str(self.body.get("certificate", ""))

    def as_dict(self, *, full: bool) -> dict[str, Any]:
        """For programs; without ``full`` neither the query nor which records."""
        said = {
            name: self.body[name]
            for name in ("table", "user", "client", "port", "application", "actor", "reason", "reason_from")
        }
        said["certificate"] = self.certificate
        found: dict[str, Any] = {"id": self.id, "at": self.at, "person": self.person, **said}
        found |= {"rows": self.rows, "of": self.of, "relation": self.relation}
        found |= {"exempt": self.exempt, "outcome": None}
        if self.outcome is not None:
            found["outcome"] = {
                "found": self.outcome.found,
                "by": self.outcome.by,
                "at": self.outcome.at,
                "note": self.outcome.note,
            }
        if full:
            found["query"] = self.body["query"]
            found["records"] = [
                {"watch": one.id, "owner": one.words.owner, "why": one.words.why, "person": one.words.person}
                for one in self.watched
            ]
            found["entries"] = list(self.entries)
        return found


@dataclass(frozen=True, slots=True)
class LookupFilter:
    """Which are wanted; empty: all."""

    since: str = ""
    """RFC 3339, as is ``until``."""
    until: str = ""
    who: str = ""
    """A person, or a database user."""
    table: str = ""
    """DATABASE.TABLE, or how it ends."""
    without_reason: bool = False
    """Only those that needed one."""
    programs: bool = True
    """Also those of programs whose reads need no reason."""

    def wants(self, one: Lookup) -> bool:
        """Whether it is one of them; times are asked for in the database."""
        table = str(one.body["table"])
        return (
            self.who in ("", one.person, one.body["user"])
            and (not self.table or f".{table}".endswith(f".{self.table}"))
            and not (self.without_reason and (one.body["reason"] or one.exempt))
            and (self.programs or not one.exempt)
        )


class LookupOpener:
    """Opens look-ups within one connection: who it was, whose records they were, and what came of them."""

    def __init__(self, home: Home, connection: Connection, known: PeopleMap) -> None:
        self._home, self._connection, self._known = home, connection, known
        self._records = {one.id: one for one in watches.every(home, connection)}
        self._outcomes = _outcomes(home, connection)

    def open(self, found: Sequence[tuple[str, Sequence[str]]]) -> Iterator[Lookup]:
        """Of (statement, its entries), in this order, those that were not erased. Raises LedgerError, StoreError."""
        for start in range(0, len(found), _PAGE):
            page = found[start : start + _PAGE]
            entries = self._home.reader.fetch(self._connection, [one for _, ids in page for one in ids])
            for statement, ids in page:
                bodies = {one: entries[one].body for one in ids if one in entries}
                if bodies:
                    yield _lookup(statement, bodies, self._records, self._known, self._outcomes)


def lookups(home: Home, wanted: LookupFilter, known: PeopleMap) -> list[Lookup]:
    """Oldest first. What was erased from the ledger is not among them. Raises LedgerError, StoreError."""
    with home.store.read() as connection:
        found = _by_statement(connection, wanted)
        return [one for one in LookupOpener(home, connection, known).open(found) if wanted.wants(one)]


def resolve(home: Home, prefix: str) -> str:
    """The id of the look-up that begins so. Raises NotFoundError."""
    clean, column = prefix.strip().lower(), store.looked_up.c.statement
    if len(clean) < SHORTEST_PREFIX or not set(clean) <= set("0123456789abcdef"):
        raise NotFoundError(f"{prefix!r} is not the id of a look-up", hint="see: trapline lookups")
    with home.store.read() as connection:
        query = select(column).where(column.startswith(clean)).distinct().limit(2)
        found = connection.execute(query).scalars().all()
    if len(found) != 1:
        raise NotFoundError(
            f"there is no look-up {clean}, or more than one begins so", hint="see: trapline lookups"
        )
    return str(found[0])


def _by_statement(connection: Connection, wanted: LookupFilter) -> list[tuple[str, list[str]]]:
    """(statement, its entries) by time."""
    table = store.looked_up
    query = select(table.c.statement, table.c.entry_id).distinct().add_columns(table.c.at)
    if wanted.since:
        query = query.where(table.c.at >= wanted.since)
    if wanted.until:
        query = query.where(table.c.at < wanted.until)
    found: dict[str, list[str]] = {}
    for row in connection.execute(query.order_by(table.c.at, table.c.entry_id)):
        found.setdefault(row.statement, []).append(row.entry_id)
    return list(found.items())


def _lookup(
    statement: str,
    bodies: dict[str, dict[str, Any]],
    records: dict[str, WatchedRecord],
    known: PeopleMap,
    outcomes: dict[str, Outcome],
) -> Lookup:
    first = next(iter(bodies.values()))
    ids = sorted({one for body in bodies.values() for one in body["watches"]})
    watched = tuple(records[one] for one in ids if one in records)
    certificate = first.get("certificate", "")
    person = known.person(first["user"], first["actor"], certificate)
    return Lookup(
        statement,
        first,
        len(ids),
        max(body["of"] for body in bodies.values()),
        person,
        known.relation(person, (one.words.person for one in watched)),
        known.is_exempt(first["user"], certificate),
        watched,
        tuple(bodies),
        outcomes.get(statement),
    )


def _outcomes(home: Home, connection: Connection) -> dict[str, Outcome]:
    """By look-up: the newest word of a reviewer."""
    found = dict[str, Outcome]()
    for entry in home.reader.entries(connection, "setting"):
        if entry.body.get("section") == "lookups":
            said = Outcome(entry.body["outcome"], entry.by, entry.at, entry.body["note"])
            found |= dict.fromkeys(entry.body["reviewed"], said)
    return found


def by_person(found: Sequence[Lookup]) -> dict[str, list[Lookup]]:
    """Person to their look-ups, by name."""
    names = sorted({one.person for one in found})
    return {name: [one for one in found if one.person == name] for name in names}


def totals(found: Sequence[Lookup]) -> dict[str, int]:
    """What a list comes to."""
    return {
        "lookups": len(found),
        "without_reason": sum(not one.body["reason"] and not one.exempt for one in found),
        "exempt": sum(one.exempt for one in found),
        "own": sum(one.relation == people.OWN for one in found),
        "colleagues": sum(one.relation == people.COLLEAGUE for one in found),
        "reviewed": sum(one.outcome is not None for one in found),
    }
