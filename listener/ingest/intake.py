"""Intake: from the journal to the ledger.

    frames -> read (the back half of the trap) -> match -> facts -> one transaction: entries, rows, digests, offset

Everything a batch leads to is committed together with the offset behind it, so a sighting is taken in exactly once,
whatever is killed when. What holds no token is forgotten, only counted. A helper that fails costs its own part: a
trap's reader the details, a source its fact, the digest its alert (and then says so); none of them the hit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from canaries.core import plugins, safe_traceback, store
from canaries.core.clock import from_micros, rfc3339
from canaries.ledger.entries import Kind, new_id
from listener import facts, traps
from listener.evidence import observed
from listener.evidence.reading import Reading
from listener.evidence.shapes import Observed
from listener.evidence.sighting import Sighting
from listener.facts import Use
from listener.facts.derive import derive_all
from listener.incidents import briefing, grouping
from listener.incidents.source_hash import Sources
from listener.ingest.hit_body import hit_body
from listener.ingest.matcher import Index, Match
from listener.ingest.unrecognised import UnrecognisedStore
from listener.notify import digest, rules
from listener.protocol.candidates import sighting_candidates
from listener.traps import Trap

if TYPE_CHECKING:
    from canaries.installation.home import Home

_DAY_US = 86_400_000_000
BY = "listener"
"""Who writes the entries of hits."""


@dataclass(frozen=True, slots=True)
class _RecognisedUse:
    """A recognised use on its way into the ledger."""

    hit_id: str
    sighting: Sighting
    reading: Reading
    recognised: Match
    observed_at: str
    tag: bytes
    facts: dict[str, Any]
    failed: dict[str, str]

    def grouped(self) -> grouping.GroupedUse:
        owner, credential = self.recognised.owner, briefing.is_credential(self.recognised.owner.facet)
        return grouping.GroupedUse(
            owner.canary_id,
            self.tag,
            self.observed_at,
            credential,
            observed.client(self.reading.observed),
            grouping.shared(self.facts),
            grouping.apart(self.facts, credential=credential),
        )

    def marking(self) -> rules.Markable:
        ip, client = self.sighting.source[0], observed.client(self.reading.observed)
        return ip, client, self.recognised.owner.canary_id, self.observed_at, self.facts


class Intake:
    """Turns sightings into hits. One per back process; not thread safe."""

    def __init__(self, home: Home, sources: Sequence[facts.Source]) -> None:
        self._home = home
        self._sources = sources
        self._index = Index(home)
        self._readers = plugins.classes(traps.FOLDER, Trap)  # type: ignore[type-abstract]
        self._tag = Sources(home.keys.lookup).source_tag
        self._used: set[str] = set()
        self._unrecognised = UnrecognisedStore(home)

    def ingest(self, sightings: Sequence[Sighting], segment: str, offset: int | None) -> int:
        """Take in one batch, ending at ``offset`` of ``segment`` (None: inside a frame). Returns how many hits it held.

        A sighting that was taken in before, from a segment that was copied back, is passed over. Raises StoreError.
        """
        return self._take(sightings, segment, offset, late=False)

    def ingest_late(self, sightings: Sequence[Sighting]) -> int:
        """Look at sightings of earlier days again, which held no known token and are counted. Raises StoreError."""
        return self._take(sightings, "", None, late=True)

    def _take(self, sightings: Sequence[Sighting], segment: str, offset: int | None, *, late: bool) -> int:
        self._index.refresh()
        readings = [self._read(sighting) for sighting in sightings]
        seen = [self._index.tags(reading.candidates) for reading in readings]
        matches = [self._index.known(tags) for tags in seen]
        concerned = [number for number, tags in enumerate(matches) if tags]
        recognised = self._index.recognise(matches[number] for number in concerned)
        planted = self._planted({group.owner.canary_id for groups in recognised for group in groups})
        cases: list[_RecognisedUse] = []
        used: set[str] = set()
        for number, groups in zip(concerned, recognised, strict=True):
            for group in groups:
                first = group.owner.canary_id not in used | self._used
                cases.append(self._case(sightings[number], readings[number], group, planted, first))
                used.add(group.owner.canary_id)
        with self._home.store.write() as connection:
            known = _known(connection, cases)
            cases = [case for case in cases if case.sighting.id not in known]
            self._write_uses(connection, cases, late=late)
            if not late:
                self._count(connection, sightings)
            if offset is not None:
                self._move(connection, segment, offset)
        self._used |= used  # only now: what was not committed was not used
        if not late:
            self._keep([(sightings[at], seen[at]) for at, tags in enumerate(matches) if not tags])
        return len(cases)

    def _keep(self, found: Sequence[tuple[Sighting, set[bytes]]]) -> None:
        try:
            self._unrecognised.keep(found)
        except OSError as error:  # no evidence: what is taken in stays taken in
            safe_traceback.log_error(error)

    def _read(self, sighting: Sighting) -> Reading:
        """The trap's back half; the raw bytes alone where it fails. What it says must be writable as JSON."""
        reader = self._readers.get(sighting.trap)
        if reader is None:
            return _unread(sighting, f"no trap called {sighting.trap}")
        try:
            return reader.read(sighting)
        except Exception as error:  # noqa: BLE001  a parser's crash costs a fact, not a hit (rule 2)
            return _unread(sighting, type(error).__name__)

    def _planted(self, canaries: set[str]) -> dict[str, str]:
        if not canaries:
            return {}
        table = store.placement
        query = (
            select(table.c.canary_id, func.min(table.c.planted_at).label("planted_at"))
            .where(table.c.canary_id.in_(canaries))
            .group_by(table.c.canary_id)
        )
        used = (
            select(store.hit.c.canary_id).where(store.hit.c.canary_id.in_(canaries - self._used)).distinct()
        )
        with self._home.store.read() as connection:
            self._used.update(connection.execute(used).scalars())
            return {row.canary_id: row.planted_at for row in connection.execute(query)}

    def _case(
        self,
        sighting: Sighting,
        reading: Reading,
        recognised: Match,
        planted: Mapping[str, str],
        first_use: bool,
    ) -> _RecognisedUse:
        owner = recognised.owner
        observed_at = rfc3339(from_micros(sighting.observed_at))
        use = Use(
            canary_id=owner.canary_id,
            kind=owner.kind,
            facet=owner.facet,
            trap=sighting.trap,
            created_at=owner.created_at,
            planted_at=planted.get(owner.canary_id, ""),
            observed_at=observed_at,
            source=sighting.source,
            observed=reading.observed,
            sighting=sighting,
            expires_at=owner.expires_at,
            first_use=first_use,
        )
        found, failed = derive_all(self._sources, use)
        tag = self._tag(sighting.source[0])
        return _RecognisedUse(new_id(), sighting, reading, recognised, observed_at, tag, found, failed)

    def _write_uses(self, connection: Connection, cases: Sequence[_RecognisedUse], *, late: bool) -> None:
        if not cases:
            return
        home, now = self._home, self._home.now()
        rules.mark(connection, home, [case.marking() for case in cases], now)
        assigned = grouping.assign(connection, [case.grouped() for case in cases])
        entries: list[tuple[Kind, str, str, str, Mapping[str, Any]]] = []
        raws, hits = [], []
        for case, membership in zip(cases, assigned, strict=True):
            derived_id = new_id()
            owner = case.recognised.owner
            entries.append(
                (
                    "hit",
                    case.hit_id,
                    now,
                    BY,
                    hit_body(case.sighting, case.reading, case.recognised, now if late else ""),
                )
            )
            body = {
                "hit": case.hit_id,
                "incident": membership.incident,
                "why": membership.why,
                "facts": case.facts,
                "failed": case.failed,
                "egress": [],
            }
            entries.append(("derived", derived_id, now, BY, body))
            raws.append((case.hit_id, home.writer.seal(case.sighting.raw, case.hit_id)))
            seen = (case.sighting.trap, case.observed_at, case.sighting.id, case.tag)
            hits.append((case.hit_id, owner.canary_id, owner.facet, *seen, membership.incident, derived_id))
        home.writer.append(connection, entries)
        home.store.bulk(connection, store.raw, raws)
        home.store.bulk(connection, store.hit, hits)
        self._note(connection, cases, assigned, now)

    def _note(
        self,
        connection: Connection,
        cases: Sequence[_RecognisedUse],
        assigned: Sequence[grouping.Membership],
        now: str,
    ) -> None:
        noted = [_noted(case, place.incident) for case, place in zip(cases, assigned, strict=True)]
        try:
            with connection.begin_nested():
                digest.note(connection, self._home, noted, now)
        except Exception as error:  # noqa: BLE001  alerting is a helper: its failure is told, the hits stay
            safe_traceback.log_error(error)

    def _count(self, connection: Connection, sightings: Iterable[Sighting]) -> None:
        counts = Counter((sighting.observed_at // _DAY_US, sighting.trap) for sighting in sightings)
        for (number, trap), count in sorted(counts.items()):
            day = rfc3339(from_micros(number * _DAY_US))[:10]
            store.upsert(
                connection,
                store.tally,
                {"day": day, "trap": trap, "sightings": count},
                {"sightings": store.tally.c.sightings + count},
            )

    def _move(self, connection: Connection, segment: str, offset: int) -> None:
        store.upsert(
            connection,
            store.drained,
            {"segment": segment, "offset": offset, "done": False},
            {"offset": offset},
        )


def _known(connection: Connection, cases: Sequence[_RecognisedUse]) -> set[str]:
    """Ids of those sightings that already have hits."""
    ids = [case.sighting.id for case in cases]
    table = store.hit
    found: set[str] = set()
    for start in range(0, len(ids), 500):
        query = select(table.c.sighting).where(table.c.sighting.in_(ids[start : start + 500]))
        found.update(connection.execute(query).scalars())
    return found


def _noted(case: _RecognisedUse, incident: str) -> digest.Noted:
    owner = case.recognised.owner
    ip, port = case.sighting.source
    return digest.Noted(
        canary=owner.canary_id,
        kind=owner.kind,
        label=owner.label,
        facet=owner.facet,
        trap=case.sighting.trap,
        observed_at=case.observed_at,
        ip=ip,
        port=port,
        facts=case.facts,
        client=observed.client(case.reading.observed),
        incident=incident,
        source_tag=case.tag,
        request=observed.request(case.reading.observed),
    )


def _unread(sighting: Sighting, why: str) -> Reading:
    """Where no trap can read a sighting: whatever in it may be a token all the same."""
    found = sighting_candidates(sighting)
    return Reading(Observed(unread=why), found.all(), found.bounds)
