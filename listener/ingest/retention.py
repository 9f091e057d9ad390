"""Retention: the raw bytes of old hits go, and an entry says so; the ledger, its leaves and its proofs stay.

What a hit's entry holds (address, request line, facts) is the ledger's and is never touched here. The raw bytes of an
incident go together, once its last hit is older than the setting for that kind of canary. What was not recognised has
a term of its own (``[unrecognised] days``), look-ups of watched records too (``lookups_days``,
`listener.lookups.erasing`). Where operators sign with keys of their own, no program erases: an operator does, by
``trapline retention``, and a second one approves it where there are two. What is under legal hold
(`canaries.operators.holds`) stays.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select, update

from canaries.core import store
from canaries.core.clock import rfc3339
from canaries.operators import erasure, holds, proposals
from listener.lookups import erasing

if TYPE_CHECKING:
    from canaries.installation.home import Home

_DAY_SECONDS = 86_400
_AT_ONCE = 500
"""Hits an entry."""


@dataclass(frozen=True, slots=True)
class Due:
    """The hits of one canary in one incident whose raw bytes have had their time."""

    incident: str
    canary: str
    kind: str
    days: int
    hits: tuple[str, ...]


class RetentionWatch:
    """Applies the settings when the back starts and once a day."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def run(self, stop: threading.Event) -> None:
        """Until ``stop``. Raises StoreError."""
        while True:
            apply(self._home, "listener")
            if not operators_sign(self._home):
                erasing.apply(self._home, "listener")
            if stop.wait(_DAY_SECONDS):
                return


def due(home: Home, late: timedelta = timedelta(0)) -> list[Due]:
    """What the settings say is to go now, or should have gone ``late`` ago. Raises StoreError."""
    settings = home.settings.retention
    if not settings.raw_days and not settings.kinds:
        return []
    with home.store.read() as connection:
        kinds = list(connection.execute(select(store.canary.c.kind).distinct()).scalars())
        return [
            one
            for kind in sorted(kinds)
            if (days := settings.days(kind))
            for one in _due(connection, kind, days, rfc3339(home.clock.now() - late - timedelta(days=days)))
        ]


def apply(home: Home, by: str) -> list[Due]:
    """Remove what is due, each canary of an incident in a transaction with its *erased* entry. Raises StoreError."""
    if operators_sign(home):
        return []
    found = due(home)
    for one in found:
        for start in range(0, len(one.hits), _AT_ONCE):
            _remove(home, one, list(one.hits[start : start + _AT_ONCE]), by)
    return found


def apply_signed(home: Home) -> tuple[list[Due], list[str]]:
    """The same as the operator's own act, signed by them; where there are two operators, as proposals to another one.

    What is due comes back, and the ids of the proposals. What waits for approval is not proposed twice. Raises
    StoreError, and HomeError where the operator's key is not given.
    """
    waiting = {
        name
        for one in proposals.pending(home)
        if one.body.get("what") == "raw"
        for name in one.body["entries"]
    }
    found, proposed = [], []
    for one in due(home):
        hits = [hit for hit in one.hits if hit not in waiting]
        for start in range(0, len(hits), _AT_ONCE):
            body = _body(one, hits[start : start + _AT_ONCE])
            if proposals.count_operators(home) >= 2:
                proposed.append(proposals.propose(home, body))
                continue
            said = home.act("erased", body)
            with home.store.write() as connection:
                erasure.carry_out(home, connection, said, body)
        if hits:
            found.append(replace(one, hits=tuple(hits)))
    return found, proposed


def operators_sign(home: Home) -> bool:
    """Whether an operator has enrolled a key: then no program erases on its own."""
    with home.store.read() as connection:
        query = select(store.entry.c.id).where(store.entry.c.kind == "operator").limit(1)
        return connection.execute(query).first() is not None


def _due(connection: Connection, kind: str, days: int, before: str) -> Iterator[Due]:
    hit, raw, canary, incident = store.hit, store.raw, store.canary, store.incident
    query = (
        select(hit.c.id, hit.c.incident_id, hit.c.canary_id)
        .join(raw, raw.c.entry_id == hit.c.id)
        .join(canary, canary.c.id == hit.c.canary_id)
        .join(incident, incident.c.id == hit.c.incident_id)
        .where(raw.c.sealed.is_not(None), canary.c.kind == kind)
        .where(hit.c.observed_at < before, incident.c.last_at < before)
        .order_by(hit.c.incident_id, hit.c.id)
    )
    held = [one.name for one in holds.standing(connection)]
    if held:
        query = query.where(hit.c.incident_id.not_in(held), hit.c.canary_id.not_in(held))
    hits: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in connection.execute(query):
        hits[row.incident_id, row.canary_id].append(row.id)
    for (name, canary_id), ids in hits.items():
        yield Due(name, canary_id, kind, days, tuple(ids))


def _body(one: Due, hits: list[str]) -> dict[str, Any]:
    return {
        "what": "raw",
        "entries": hits,
        "leaves": [],
        "incident": one.incident,
        "canary": one.canary,
        "reason": f"retention: raw bytes of {one.kind} are kept {one.days} days",
    }


def _remove(home: Home, one: Due, hits: list[str], by: str) -> None:
    with home.store.write() as connection:
        if holds.covering(connection, [one.incident, one.canary]):  # since it was found to be due
            return
        if home.store.dialect == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        connection.execute(update(store.raw).where(store.raw.c.entry_id.in_(hits)).values(sealed=None))
        home.writer.record(connection, "erased", home.now(), by, _body(one, hits))
