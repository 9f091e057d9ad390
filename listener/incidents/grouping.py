"""Which hits belong together.

A hit joins the incident of its canary, else the one of its source, where that key's last hit is less than `QUIET` away;
otherwise it opens a new one. The canary goes first: that it was used is observed, while one address may be many people.
Incidents are never merged, for entries already name them; a closed one takes no more hits. The tables are an index over
the ledger: each hit's *derived* entry names its incident.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, Connection, bindparam, case, insert, select, text, update

from canaries.core.clock import parse_rfc3339
from canaries.core.store import incident, incident_key
from listener.incidents.source_hash import is_crowd

QUIET = timedelta(hours=24)
"""After this long without a hit of the same canary or source, the next one opens a new incident. Fixed: a rule of which
dossiers speak must not differ between two hits of one case."""

_CHUNK = 500

Use = tuple[str, bytes, str]
"""(canary id, source tag, time of observation)."""


@dataclass(slots=True)
class _IncidentDraft:
    """An incident while a batch is assigned."""

    id: str
    first_at: str
    last_at: str
    new: bool
    open: bool = True
    hits: int = 0

    def add(self, at: str) -> None:
        self.hits += 1
        self.first_at, self.last_at = min(self.first_at or at, at), max(self.last_at, at)


@dataclass(slots=True)
class _Assignment:
    """All incidents and keys that a batch touches, in memory."""

    cases: dict[str, _IncidentDraft] = field(default_factory=dict)
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Key to (incident, time of its last hit)."""

    def place(self, keys: Sequence[str], at: str) -> str:
        """The incident of a hit with these keys, strongest first."""
        moment = parse_rfc3339(at)
        found = next((case for key in keys if (case := self._current(key, moment)) is not None), None)
        if found is None:
            found = _IncidentDraft(secrets.token_hex(5), "", "", new=True)
            self.cases[found.id] = found
        found.add(at)
        for key in keys:
            known, last_at = self.keys.get(key, ("", ""))
            self.keys[key] = found.id, max(last_at, at) if known == found.id else at
        return found.id

    def _current(self, key: str, moment: datetime) -> _IncidentDraft | None:
        name, last_at = self.keys.get(key, ("", ""))
        found = self.cases.get(name)
        # a hit that was drained late may be older than the last one: nearness counts, not order
        if found is None or not found.open or abs(moment - parse_rfc3339(last_at)) >= QUIET:
            return None
        return found


def assign(connection: Connection, uses: Sequence[Use]) -> list[str]:
    """The incident id of each use, in the caller's transaction; call it once in a transaction.

    Safe with any number of processes: whoever comes second for a key waits for the first, and everybody takes keys,
    then incidents, in the same (sorted) order, so nobody waits in a ring.
    """
    if not uses:
        return []
    keys = [_keys(canary_id, tag) for canary_id, tag, _ in uses]
    wanted = sorted({key for both in keys for key in both})
    assignment = _load(connection, wanted)
    found = [assignment.place(both, at) for both, (_, _, at) in zip(keys, uses, strict=True)]
    _save(connection, assignment)
    return found


def _keys(canary_id: str, source_tag: bytes) -> tuple[str, ...]:
    own = f"canary:{canary_id}"
    return (own,) if is_crowd(source_tag) else (own, f"source:{source_tag.hex()}")


def _load(connection: Connection, wanted: Sequence[str]) -> _Assignment:
    """Lock the keys, making those that are missing, and read the incidents they lead to."""
    connection.execute(
        text(
            "INSERT INTO incident_key (key, incident_id, last_at) VALUES (:key, '', '') ON CONFLICT (key) DO NOTHING"
        ),
        [{"key": key} for key in wanted],
    )
    assignment = _Assignment()
    for part in _parts(wanted):
        query = select(incident_key).where(incident_key.c.key.in_(part)).order_by(incident_key.c.key)
        for row in connection.execute(query.with_for_update()):
            if row.incident_id:
                assignment.keys[row.key] = row.incident_id, row.last_at
    for part in _parts(sorted({name for name, _ in assignment.keys.values()})):
        for row in connection.execute(select(incident).where(incident.c.id.in_(part))):
            assignment.cases[row.id] = _IncidentDraft(row.id, "", "", new=False, open=row.state == "open")
    return assignment


def _save(connection: Connection, assignment: _Assignment) -> None:
    touched = sorted((item for item in assignment.cases.values() if item.hits), key=lambda item: item.id)
    new = [
        {
            "id": item.id,
            "opened_at": item.first_at,
            "last_at": item.last_at,
            "hits": item.hits,
            "state": "open",
        }
        for item in touched
        if item.new
    ]
    old = [
        {"this": item.id, "first": item.first_at, "last": item.last_at, "more": item.hits}
        for item in touched
        if not item.new
    ]
    if new:
        connection.execute(insert(incident), new)
    if old:
        first: BindParameter[str] = bindparam("first")
        last: BindParameter[str] = bindparam("last")
        connection.execute(
            update(incident)
            .where(incident.c.id == bindparam("this"))
            .values(
                hits=incident.c.hits + bindparam("more"),
                opened_at=case((incident.c.opened_at > first, first), else_=incident.c.opened_at),
                last_at=case((incident.c.last_at < last, last), else_=incident.c.last_at),
            ),
            old,
        )
    connection.execute(
        update(incident_key)
        .where(incident_key.c.key == bindparam("this"))
        .values(incident_id=bindparam("of"), last_at=bindparam("at")),
        [{"this": key, "of": of, "at": at} for key, (of, at) in sorted(assignment.keys.items())],
    )


def _parts(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
