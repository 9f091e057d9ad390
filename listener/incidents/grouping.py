"""Which hits belong together, and the reason that each hit's *derived* entry gives for it.

An incident grows from its first hit in two steps at most, so that no chain of shared addresses joins strangers:

* what the source of its first hit does, from an address that is not known to be shared by many, where it presents or
  has presented a credential, or the client is the same;
* every use of a canary that this source used, whoever it is from.

Each within `QUIET` of the last such hit. What a rule takes for a robot, and what an operator's rule marks as their own,
is kept apart for each canary and links nothing. Everything weaker is no link: `listener.incidents.see_also` names it.

Entries name incidents, so the rule never joins two of them; a closed one takes no more hits. The tables are an index
over the ledger: each hit's *derived* entry names its incident and says why.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec
from sqlalchemy import BindParameter, Connection, bindparam, case, insert, select, text, update

from canaries.core.clock import parse_rfc3339
from canaries.core.store import incident, incident_key
from listener.evidence.derived import Facts
from listener.incidents.source_hash import is_crowd

QUIET = timedelta(hours=24)
"""After this long without a hit of the same canary or source, the next one opens a new incident. Fixed: a rule of which
dossiers speak must not differ between two hits of one case."""

_CHUNK = 500

_WHY = {
    "first": "first hit of this incident: no hit of its canary or source was near enough",
    "canary": "the same canary, less than 24 hours away",
    "source": "the address whose hit opened this incident and which presented a credential, less than 24 hours away",
    "client": "the address and client whose hit opened this incident, less than 24 hours away",
    "robot": "by rule a robot's: such hits of one canary are kept together and link nothing",
    "own": "marked as the operator's own: such hits of one canary are kept together and link nothing",
}

_PRESENTED = "presented:"
"""How the key of a source begins that opened an incident and presented a credential in it."""

_ROBOT = "likely_"
"""How the verdict on a robot begins whose address shows that it is one; a claim alone is ``claimed_``."""


class GroupedUse(msgspec.Struct, frozen=True):
    """What of a hit decides where it belongs."""

    canary_id: str
    source_tag: bytes
    at: str
    """RFC 3339: when it was observed."""
    credential: bool = True
    """Whether it presented something that no software presents on its own."""
    client: str = ""
    """What the client says it is. Hostile."""
    shared: bool = False
    """Whether the address is known to stand for many people."""
    apart: str = ""
    """``robot`` or ``own`` where it links nothing, else empty."""
    counts: bool = True
    """False where it is part of another hit; the first of an incident counts all the same."""


class Membership(msgspec.Struct, frozen=True):
    """Where a hit belongs."""

    incident: str
    why: str
    """One sentence."""


def apart(facts: Facts, *, credential: bool) -> str:
    """Whether a hit with these facts links nothing: ``robot``, ``own`` or, where it may link, empty."""
    if facts.get("operator_rule", {}).get("mark") in ("own", "test"):
        return "own"
    if facts.get("authorised_send", {}).get("result") in ("authorised", "no message"):
        return "own"
    kind = str(facts.get("verdict", {}).get("kind", ""))
    return "robot" if kind.startswith(_ROBOT) and not credential else ""


def shared(facts: Facts) -> bool:
    """Whether network data say, or make it likely, that many people use the address."""
    return facts.get("netclass", {}).get("shared") in ("yes", "likely")


@dataclass(slots=True)
class _IncidentDraft:
    """An incident while a batch is assigned."""

    id: str
    first_at: str
    last_at: str
    new: bool
    open: bool = True
    hits: int = 0

    def add(self, at: str, *, counts: bool) -> None:
        self.hits += counts
        self.first_at, self.last_at = min(self.first_at or at, at), max(self.last_at, at)


@dataclass(slots=True)
class _Assignment:
    """All incidents and keys that a batch touches, in memory."""

    cases: dict[str, _IncidentDraft] = field(default_factory=dict)
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Key to (incident, time of its last hit)."""

    def place(self, use: GroupedUse, keys: Sequence[str]) -> Membership:
        """The incident of a hit, by its strongest link. ``keys``: of `_keys`."""
        moment = parse_rfc3339(use.at)
        for rule, key in _links(use, keys):
            found = self._current(key, moment)
            if found is not None:
                return self._join(found, rule, use, keys)
        found = _IncidentDraft(secrets.token_hex(5), "", "", new=True)
        self.cases[found.id] = found
        return self._join(found, use.apart or "first", use, keys)

    def _join(self, found: _IncidentDraft, rule: str, use: GroupedUse, keys: Sequence[str]) -> Membership:
        """Put the hit into it. A hit that its canary brought lends it no source of its own."""
        found.add(use.at, counts=use.counts or (found.new and not found.hits))
        brought = rule == "canary" and self._founder(keys) != found.id
        for key in keys[:1] if brought else keys:
            if key.startswith(_PRESENTED) and not use.credential:
                continue
            known, last_at = self.keys.get(key, ("", ""))
            self.keys[key] = found.id, max(last_at, use.at) if known == found.id else use.at
        return Membership(found.id, _WHY[rule])

    def _founder(self, keys: Sequence[str]) -> str:
        """The incident that the source of a use with these keys opened last, or nothing."""
        return self.keys.get(keys[1], ("", ""))[0] if len(keys) > 1 else ""

    def _current(self, key: str, moment: datetime) -> _IncidentDraft | None:
        name, last_at = self.keys.get(key, ("", ""))
        found = self.cases.get(name)
        # a hit that was drained late may be older than the last one: nearness counts, not order
        if found is None or not found.open or abs(moment - parse_rfc3339(last_at)) >= QUIET:
            return None
        return found


def assign(connection: Connection, uses: Sequence[GroupedUse]) -> list[Membership]:
    """Where each use belongs, in the caller's transaction; call it once in a transaction.

    Safe with any number of processes: whoever comes second for a key waits for the first, and everybody takes keys,
    then incidents, in the same (sorted) order, so nobody waits in a ring.
    """
    if not uses:
        return []
    keys = [_keys(use) for use in uses]
    assignment = _load(connection, sorted({key for some in keys for key in some}))
    found = [assignment.place(use, some) for use, some in zip(uses, keys, strict=True)]
    _save(connection, assignment)
    return found


def _keys(use: GroupedUse) -> tuple[str, ...]:
    """Everything that a hit may be found by: its canary, then its source, then its source with its client."""
    if use.apart:
        return (f"{use.apart}:{use.canary_id}",)
    own, tag = f"canary:{use.canary_id}", use.source_tag.hex()
    if use.shared or is_crowd(use.source_tag):
        return (own,)
    client = _digest(use.client)
    return own, f"opener:{tag}", f"{_PRESENTED}{tag}", f"client:{tag}:{client}"


@lru_cache(1024)
def _digest(client: str) -> str:
    return hashlib.blake2b(client.encode("utf-8", "replace"), digest_size=4).hexdigest()


def _links(use: GroupedUse, keys: Sequence[str]) -> list[tuple[str, str]]:
    """(rule, key) of each link, strongest first."""
    own, *source = keys
    links = [(use.apart or "canary", own)]
    if source:
        opener, presented, client = source
        links += [("source", opener if use.credential else presented), ("client", client)]
    return links


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
    touched = sorted((item for item in assignment.cases.values() if item.last_at), key=lambda item: item.id)
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
