"""Intake: from the journal to the ledger.

    frames -> read (the back half of the trap) -> match -> facts -> one transaction: entries, rows, digests, offset

Everything a batch leads to is committed together with the offset behind it, so a sighting is taken in exactly once,
whatever is killed when. What holds no token is forgotten, only counted. A helper that fails costs its own part: a
trap's reader the details, a source its fact, the digest its alert (and then says so); none of them the hit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from canaries.core import plugins, safe_traceback, store
from canaries.core.clock import from_micros, rfc3339, to_micros, written_micros
from canaries.crypto.labels import OpenedLabels
from canaries.ledger.entries import Item, new_id
from listener import facts, traps
from listener.evidence.reading import Reading
from listener.evidence.shapes import Observed
from listener.evidence.sighting import Sighting
from listener.facts import Use
from listener.facts.derive import derive_all
from listener.incidents import grouping
from listener.incidents.source_hash import Sources
from listener.ingest import name_lookups
from listener.ingest.conversations import ConversationDraft, Conversations, RecognisedSighting
from listener.ingest.matcher import Index
from listener.ingest.nameless_proofs import NamelessProofs
from listener.ingest.outbound import Outbound
from listener.ingest.raw_budget import RawBudget
from listener.ingest.recognised_use import RecognisedUse
from listener.ingest.unrecognised import UnrecognisedStore
from listener.lookups.taking import LookupTaker, concerned
from listener.notify import digest, rules
from listener.protocol.candidates import sighting_candidates
from listener.traps import Trap

if TYPE_CHECKING:
    from canaries.installation.home import Home

_DAY_US = 86_400_000_000
_RECENT_US = 900_000_000
"""How far back a new back looks for what waits on a connection that may still be open."""
BY = "listener"
"""Who writes the entries of hits."""


class Intake:
    """Turns sightings into hits. One per back process; not thread safe."""

    def __init__(self, home: Home, sources: Sequence[facts.Source]) -> None:
        self._home = home
        self._sources = sources
        self._index, self._nameless = Index(home), NamelessProofs(home)
        self._readers = plugins.classes(traps.FOLDER, Trap)  # type: ignore[type-abstract]
        self._tag = Sources(home.keys.folder).source_tag
        self._outbound, self._labels = Outbound(home), OpenedLabels(home.keys.alerts)
        self._lookups, self._raw = LookupTaker(home), RawBudget(home.store, home.path)
        self._used: set[str] = set()
        self._unrecognised = UnrecognisedStore(home)
        self._conversations: Conversations | None = None
        self._kept = ""
        """First sighting of the last batch whose unrecognised part was kept: what is tried again is kept once."""

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
        self._outbound.take(sightings)
        looked = [] if late else self._lookups.read(sightings)
        readings = [self._read(sighting, self._sift) for sighting in sightings]
        seen = [self._index.tags_of(reading) for reading in readings]
        matches = [self._index.known(shared) | self._index.known(own) for shared, own in seen]
        found = self._recognised(
            sightings, matches, draft := None if late else ConversationDraft(self._known())
        )
        known_readings = {sighting.id: reading for sighting, reading in zip(sightings, readings, strict=True)}
        cases = self._cases(found, known_readings)
        if not late:
            told = {one.sighting.id for one in found} | concerned(looked)
            pairs = zip(sightings, seen, strict=True)
            self._keep([(one, tags) for one, tags in pairs if one.id not in told])
        with self._home.store.write() as connection:
            known = _known(connection, cases)
            cases = [case for case in cases if case.sighting.id not in known]
            self._write_uses(connection, cases, late=late)
            self._lookups.write(connection, looked)
            if draft is not None:
                self._count(connection, sightings)
                draft.save(connection)
            if offset is not None:
                self._move(connection, segment, offset)
        self._used |= {case.recognised.owner.canary_id for case in cases}  # only now: it is committed
        if draft is not None:
            draft.commit()
        return len(cases)

    def _known(self) -> Conversations:
        """The connections that are known, read when first asked for."""
        if self._conversations is None:
            now = to_micros(self._home.clock.now())
            waiting = self._unrecognised.since(now - _RECENT_US)
            self._conversations = Conversations(self._home.store, now, waiting)
        return self._conversations

    def _recognised(
        self, sightings: Sequence[Sighting], matches: Sequence[set[bytes]], draft: ConversationDraft | None
    ) -> list[RecognisedSighting]:
        """Which sightings concern which canaries: by a token, by their connection, as a look-up beside a use."""
        groups = self._index.recognise(matches)
        found: list[RecognisedSighting] = []
        for sighting, named in zip(sightings, groups, strict=True):
            owners = named or self._nameless.matches(sighting, self._index.epoch)
            if draft is not None:
                found += draft.take(sighting, owners)
            else:
                found += [RecognisedSighting(sighting, match, new_id()) for match in owners]
        return name_lookups.fold(self._home.store, found)

    def _cases(
        self, found: Sequence[RecognisedSighting], readings: Mapping[str, Reading]
    ) -> list[RecognisedUse]:
        planted = self._planted({one.match.owner.canary_id for one in found})
        used: set[str] = set()
        cases = []
        for one in found:
            canary = one.match.owner.canary_id
            reading = readings.get(one.sighting.id)
            if reading is None:
                reading = self._read(one.sighting, self._sift)
            if reading.sifted:
                reading = Reading(self._read(one.sighting, self._observe).observed, bounds=reading.bounds)
            cases.append(self._case(one, reading, planted, canary not in used and canary not in self._used))
            used.add(canary)
        return cases

    def _keep(self, found: Sequence[tuple[Sighting, tuple[Set[bytes], Set[bytes]]]]) -> None:
        """Before the commit: what waits for a token must outlive a back that is killed behind it."""
        batch = found[0][0].id if found else ""
        if batch == self._kept:
            return
        try:
            self._unrecognised.keep(found)
            self._kept = batch
        except OSError as error:  # no evidence: what is taken in stays taken in
            safe_traceback.log_error(error)

    @staticmethod
    def _sift(reader: type[Trap], sighting: Sighting) -> Reading:
        return reader.sift(sighting)

    @staticmethod
    def _observe(reader: type[Trap], sighting: Sighting) -> Reading:
        return Reading(reader.observe(sighting))

    def _read(self, sighting: Sighting, half: Callable[[type[Trap], Sighting], Reading]) -> Reading:
        """The trap's back half; the raw bytes alone where it fails. What it says must be writable as JSON."""
        reader = self._readers.get(sighting.trap)
        if reader is None:
            return _unread(sighting, f"no trap called {sighting.trap}")
        try:
            return half(reader, sighting)
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
        one: RecognisedSighting,
        reading: Reading,
        planted: Mapping[str, str],
        first_use: bool,
    ) -> RecognisedUse:
        owner, sighting = one.match.owner, one.sighting
        observed_at = written_micros(sighting.observed_at)
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
            send=self._outbound.judge(owner.canary_id, owner.facet, sighting, reading),
            facets=one.match.facets,
            verifiers=self._labels.open(owner.canary_id, owner.label).verifiers,
            part=one.part,
        )
        found, failed = derive_all(self._sources, use)
        tag = self._tag(sighting.source[0])
        kept, whole = self._raw.kept(owner.canary_id, tag, observed_at, sighting)
        said = (one.match, observed_at, tag, found, failed, one.follows, one.part, whole)
        return RecognisedUse(one.hit_id, kept, reading, *said)

    def _write_uses(self, connection: Connection, cases: Sequence[RecognisedUse], *, late: bool) -> None:
        if not cases:
            return
        home, now = self._home, self._home.now()
        since = min(now, *(case.observed_at for case in cases))
        rules.mark(connection, home, (case.marking() for case in cases), since)
        assigned = grouping.assign(connection, [case.grouped() for case in cases])
        hits = []

        def entries() -> Iterator[Item]:
            for case, membership in zip(cases, assigned, strict=True):
                derived_id = new_id()
                hits.append(case.row(membership, derived_id))
                yield "hit", case.hit_id, now, BY, case.body(now if late else "")
                yield "derived", derived_id, now, BY, case.derived(membership)

        hashes = home.writer.append(connection, entries())
        boxes = home.writer.seal_each((case.sighting.raw, case.hit_id) for case in cases)
        raws = [(case.hit_id, box) for case, box in zip(cases, boxes, strict=True)]
        home.store.bulk(connection, store.raw, raws)
        home.store.bulk(connection, store.hit, hits)
        leaves = hashes[::2]  # each hit, then its facts
        noted = [
            case.noted(place.incident, leaf.hex())
            for case, place, leaf in zip(cases, assigned, leaves, strict=True)
            if case.part != "lookup"
        ]
        self._outbound.count(connection, cases)
        self._note(connection, noted, now)

    def _note(self, connection: Connection, noted: Sequence[digest.Noted], now: str) -> None:
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
        row = {"segment": segment, "offset": offset, "done": False}
        store.upsert(connection, store.drained, row, {"offset": offset})


def _known(connection: Connection, cases: Sequence[RecognisedUse]) -> set[str]:
    """Ids of those sightings that already have hits."""
    ids = [case.sighting.id for case in cases]
    table = store.hit
    found: set[str] = set()
    for start in range(0, len(ids), 500):
        query = select(table.c.sighting).where(table.c.sighting.in_(ids[start : start + 500]))
        found.update(connection.execute(query).scalars())
    return found


def _unread(sighting: Sighting, why: str) -> Reading:
    """Where no trap can read a sighting: whatever in it may be a token all the same."""
    found = sighting_candidates(sighting)
    return Reading(Observed(unread=why), found.all(), found.bounds)
