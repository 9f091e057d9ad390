"""Look-ups of watched records, taken in from a database's log or from a proxy: each an entry *looked-up*, no hit.

One look-up is one statement at one table. What one statement says of more rows later, because its lines were read in
two blocks, is an entry of its own; a line that comes again is passed over.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from canaries.core import store
from canaries.core.clock import from_micros, parse_rfc3339, rfc3339
from canaries.ledger.entries import Kind, canonical, new_id
from listener.evidence.sighting import Sighting
from listener.readers.mark import MarkedRead, marked_reads
from listener.readers.reason import given_reason
from listener.sensors import watches
from listener.sensors.reading import reported_reads
from listener.sensors.watches import WatchedRecord

if TYPE_CHECKING:
    from canaries.installation.home import Home

LOG = "postgresql"
"""The sort of log whose lines have marks (`listener.logs.postgresql`)."""
BY = "listener"
_SAME = ("database", "user", "client", "port", "application", "began", "query")
"""What all rows of one statement have in common."""
_PROVEN = ("certificate", "certificate_sha256", "login")
"""Of a proxy: the certificate that the client proved to have, and how the server had the user proven."""


@dataclass(slots=True)
class LookupDraft:
    """One statement, and what it touched of one table."""

    statement: str
    """A keyed hash, 32 hexadecimal digits."""
    at: str
    """RFC 3339, the database's clock."""
    body: dict[str, Any]
    of: int
    watched: dict[str, WatchedRecord] = field(default_factory=dict)
    """By id."""
    sightings: set[str] = field(default_factory=set)


class LookupTaker:
    """One per intake."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def read(self, sightings: Sequence[Sighting]) -> list[LookupDraft]:
        """What in a batch are look-ups of what is watched now. Raises StoreError; nothing else, whatever they hold."""
        found = [(sighting, read) for sighting in sightings for read in _reads(sighting)]
        if not found:
            return []
        home, drafts = self._home, dict[str, LookupDraft]()
        with home.store.read() as connection:
            known = watches.with_marks(home, connection, {read.mark for _, read in found}, home.now())
            places = {one.words.place for one in known.values()}
            of = {place: watches.count_in(home, connection, place, home.now()) for place in places}
        for sighting, read in found:
            record = known.get(read.mark)
            if record is None:
                continue
            statement = self._statement(record, read.said)
            if statement not in drafts:
                at, body = _described(sighting, read.said, record)
                drafts[statement] = LookupDraft(statement, at, body, of[record.words.place])
            drafts[statement].watched[record.id] = record
            drafts[statement].sightings.add(sighting.id)
        return list(drafts.values())

    def _statement(self, record: WatchedRecord, said: Any) -> str:
        same = [record.words.place, *(_text(said.get(name)) for name in _SAME)]
        if not said.get("began"):  # of a sensor that was installed before it said so
            same.append(_text(said.get("at")))
        return hmac.digest(self._home.keys.lookup, b"look-up " + canonical(same), "sha256").hex()[:32]

    def write(self, connection: Connection, drafts: Sequence[LookupDraft]) -> None:
        """Their entries, in the caller's transaction, for what is not known of them yet."""
        if not drafts:
            return
        home, table = self._home, store.looked_up
        query = select(table.c.statement, table.c.watch_id).where(
            table.c.statement.in_([draft.statement for draft in drafts])
        )
        known = {(row.statement, row.watch_id) for row in connection.execute(query)}
        entries: list[tuple[Kind, str, str, str, dict[str, Any]]] = []
        rows = []
        for draft in drafts:
            fresh = sorted(one for one in draft.watched if (draft.statement, one) not in known)
            if fresh:
                counts = {"rows": len(fresh), "of": draft.of, "watches": fresh, "statement": draft.statement}
                entries.append(("looked-up", new_id(), home.now(), BY, {**draft.body, **counts}))
                rows += [(draft.statement, one, entries[-1][1], draft.at) for one in fresh]
        if rows:
            home.writer.append(connection, entries)
            home.store.bulk(connection, table, rows)


def concerned(drafts: Sequence[LookupDraft]) -> set[str]:
    """Ids of the sightings that are look-ups."""
    return {sighting for draft in drafts for sighting in draft.sightings}


def _reads(sighting: Sighting) -> list[MarkedRead]:
    if "log" in sighting.notes:
        return marked_reads(sighting.raw) if sighting.notes["log"] == LOG else []
    return reported_reads(sighting) if sighting.trap == "sensors" else []


def _described(sighting: Sighting, said: Any, record: WatchedRecord) -> tuple[str, dict[str, Any]]:
    """(when, by the database's clock; the body of the entry): the database's word, and what its client chose."""
    seen = rfc3339(from_micros(sighting.observed_at))
    try:
        at = rfc3339(parse_rfc3339(_text(said.get("began") or said.get("at"))))
    except (ValueError, OverflowError):
        at = seen
    reason, source = given_reason(said)
    port = said.get("port")
    proven = {name: _text(said.get(name)) for name in _PROVEN if said.get(name)}
    return at, proven | {
        "looked_up_at": at,
        "clock": "theirs",
        "observed_at": seen,
        "log": _text(sighting.notes.get("sensor")),
        "table": record.words.table,
        "user": _text(said.get("user")),
        "role": _text(said.get("role")),
        "client": _text(said.get("client")),
        "port": port if isinstance(port, int) and 0 <= port <= 65_535 else 0,
        "application": _text(said.get("application")),
        "actor": _text(said.get("actor")),
        "reason": reason,
        "reason_from": source,
        "query": _text(said.get("query")),
    }


def _text(value: object) -> str:
    """As an entry can hold it, whatever it is."""
    text = value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
    return text[:4000].encode("utf-8", "replace").decode()
