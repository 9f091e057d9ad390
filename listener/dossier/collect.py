"""Collecting a case from the database: which hits, entries, canaries and checkpoints belong to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Any

from sqlalchemy import Connection, select

from canaries.core import store
from canaries.core.errors import LedgerError, TraplineError
from canaries.crypto.sealed_box import Locker
from canaries.installation.home import Home
from canaries.ledger.checkpoints import Signed, log_verifier
from canaries.ledger.signed_note import NoteError, Verifier, open_checkpoint
from canaries.mint import catalogue
from listener.dossier import case_stamps
from listener.dossier.case import PAGE, Case
from listener.dossier.case_lines import CaseLines
from listener.dossier.case_records import CaseCanary
from listener.dossier.related import NOTHING, related
from listener.dossier.scope import STORY, Scope
from listener.dossier.versions import COUNSEL, Version
from listener.incidents import operator_acts
from listener.incidents.reach import reaches


def scope_of(home: Home, incident: str | None, canary: str | None) -> Scope:
    """What the case is about, from an id or its unique beginning. Raises NotFoundError."""
    table = store.hit
    if incident:
        with home.store.read() as connection:
            found = operator_acts.resolve(connection, incident)
            query = select(table.c.canary_id).where(table.c.incident_id == found).distinct()
            return Scope("incident", found, frozenset({found}), _strings(connection.execute(query).scalars()))
    found = catalogue.find(home, canary or "").id
    with home.store.read() as connection:
        query = select(table.c.incident_id).where(table.c.canary_id == found).distinct()
        return Scope("canary", found, _strings(connection.execute(query).scalars()), frozenset({found}))


def _strings(values: Iterable[object]) -> frozenset[str]:
    return frozenset(str(value) for value in values)


def of_network(home: Home, scope: Scope, asn: int | None) -> frozenset[str]:
    """Ids of the hits from one network. Raises TraplineError where there are several, and none is named."""
    found: dict[int, set[str]] = {}
    with home.store.read() as connection:
        pairs = _hits(connection, scope)
        for start in range(0, len(pairs), PAGE):
            page = pairs[start : start + PAGE]
            derived = home.reader.fetch(connection, [one for _, one in page])
            for hit, facts_id in page:
                facts = derived[facts_id].body.get("facts", {}) if facts_id in derived else {}
                found.setdefault(int(facts.get("network", {}).get("asn") or 0), set()).add(hit)
    known = ", ".join(f"AS{number} ({len(hits)})" for number, hits in sorted(found.items()) if number)
    if asn is None and len(found) > 1:
        raise TraplineError(
            "the hits are of several networks, and a provider is shown the addresses of one",
            hint=f"say which: --asn NUMBER, of {known}",
        )
    if asn is not None and asn not in found:
        raise TraplineError(f"no hit is of AS{asn}", hint=f"the case has {known or 'no known network'}")
    return frozenset(found.get(asn, ()) if asn is not None else next(iter(found.values()), ()))


def collect(
    home: Home,
    scope: Scope,
    own: Set[int] = frozenset(),
    late: Set[int] = frozenset(),
    version: Version = COUNSEL,
    lines: CaseLines | None = None,
) -> Case:
    """The case as of the newest checkpoint. Raises LedgerError where the log is not in order.

    ``own``, ``late``, ``lines``: as in `listener.dossier.proof.CaseProof`.
    """
    log = log_verifier(home)
    with home.store.read() as connection:
        signed = _signed(connection, log)
        size = signed[-1].checkpoint.size
        hits = _hits(connection, scope)
        rows = _canaries(connection, scope)
        for canary in sorted(scope.canaries - {row.id for row in rows}):
            raise LedgerError(f"a hit of the case names the canary {canary}, which nobody minted")
        ids = {entry_id for pair in hits for entry_id in pair}
        ids.update(row.entry_id for row in rows)
        ids.update(_placements(connection, scope))
        ids.update(_story(connection, home, scope, {hit for hit, _ in hits}))
        beside = dict(related(connection, home, scope, ids))
        ids.update(beside)
        places = {entry_id: seq for seq, entry_id in _places(connection, sorted(ids), size)}
        stamps = case_stamps.chosen(connection, [places[hit] for hit, _ in hits if hit in places], size)
        about = sorted(stamp.about.entry_id for stamp in stamps)
        places.update((entry_id, seq) for seq, entry_id in _places(connection, about, size))
        roots = case_stamps.roots(connection, home, stamps)
        locker = Locker(home.keys.alerts)
        reach = [one for name in sorted(scope.incidents) for one in reaches(connection, locker, name)]
        baits = _baits(connection, home, rows) if version.bait else []
        dropped = _of_kinds(connection, sorted(places), version.dropped)
        dropped.update(name for name, shown in beside.items() if shown == NOTHING and name in places)
    return Case(
        home,
        scope,
        log,
        signed,
        [pair for pair in hits if pair[0] in places],
        sorted((seq, entry_id) for entry_id, seq in places.items() if entry_id not in dropped),
        baits,
        home.now(),
        stamps,
        roots,
        own,
        late,
        reach,
        version,
        frozenset(places[entry_id] for entry_id in dropped),
        CaseLines(home) if lines is None else lines,
        {name: shown for name, shown in beside.items() if shown},
    )


def _signed(connection: Connection, log: Verifier) -> list[Signed]:
    table = store.checkpoint
    found = []
    for row in connection.execute(select(table).order_by(table.c.size)):
        try:
            checkpoint = open_checkpoint(row.note, log)
        except NoteError as error:
            raise LedgerError(f"the database's checkpoint of size {row.size} was changed: {error}") from error
        found.append(Signed(checkpoint, row.note, row.at, "the database"))
    if not found:
        raise LedgerError("the log has no checkpoint yet", hint="run: trapline ledger checkpoint")
    return found


def _hits(connection: Connection, scope: Scope) -> list[tuple[str, str]]:
    hit = store.hit
    column = hit.c.incident_id if scope.noun == "incident" else hit.c.canary_id
    query = select(hit.c.id, hit.c.derived_id).where(column == scope.id).order_by(hit.c.observed_at, hit.c.id)
    return [(row.id, row.derived_id) for row in connection.execute(query)]


def _canaries(connection: Connection, scope: Scope) -> Sequence[Any]:
    table = store.canary
    wanted = sorted(scope.canaries)
    found: list[Any] = []
    for start in range(0, len(wanted), PAGE):
        part = wanted[start : start + PAGE]
        found += connection.execute(select(table).where(table.c.id.in_(part)).order_by(table.c.id)).all()
    return found


def _baits(connection: Connection, home: Home, rows: Sequence[Any]) -> list[CaseCanary]:
    """The records that were not erased, each held against its *minted* entry. Raises LedgerError."""
    minted = home.reader.fetch(connection, sorted({row.entry_id for row in rows}))
    found = []
    for row in rows:
        if row.sealed is None:
            continue
        line = home.reader.open(row.sealed, row.id)
        entry = minted.get(row.entry_id)
        if entry and [row.id, hashlib.sha256(line).hexdigest()] not in entry.body["canaries"]:
            raise LedgerError(f"the record of canary {row.id} is not the one that was minted")
        found.append(CaseCanary(row.id, line, row.entry_id, row.retired_at))
    return found


def _placements(connection: Connection, scope: Scope) -> list[str]:
    table = store.placement
    wanted = sorted(scope.canaries)
    found: list[str] = []
    for start in range(0, len(wanted), PAGE):
        part = wanted[start : start + PAGE]
        found += connection.execute(select(table.c.entry_id).where(table.c.canary_id.in_(part))).scalars()
    return found


def _story(connection: Connection, home: Home, scope: Scope, hits: set[str]) -> list[str]:
    return [
        entry.id
        for kind in STORY
        for entry in home.reader.entries(connection, kind)
        if kind in ("restored", "operator")
        or (scope.exported if kind == "exported" else scope.concerns)(entry.body, hits)
    ]


def _of_kinds(connection: Connection, ids: Sequence[str], kinds: Set[str]) -> set[str]:
    """Those of ``ids`` whose entries are of these kinds."""
    entry, found = store.entry, set[str]()
    for start in range(0, len(ids) if kinds else 0, PAGE):
        query = select(entry.c.id).where(entry.c.id.in_(ids[start : start + PAGE]), entry.c.kind.in_(kinds))
        found.update(connection.execute(query).scalars())
    return found


def _places(connection: Connection, ids: Sequence[str], size: int) -> Iterator[tuple[int, str]]:
    """(place, id) of those that are sealed under the head and were not erased."""
    leaf, entry = store.leaf, store.entry
    for start in range(0, len(ids), PAGE):
        query = (
            select(leaf.c.seq, entry.c.id)
            .join(entry, entry.c.id == leaf.c.entry_id)
            .where(entry.c.id.in_(ids[start : start + PAGE]), entry.c.sealed.is_not(None), leaf.c.seq < size)
        )
        for row in connection.execute(query):
            yield row.seq, row.id
