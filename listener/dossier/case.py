"""The case: all that the ledger holds about one incident or one canary, as the formats read it.

What is large (hits, entries, leaves, raw requests) is streamed from the database when it is asked for; what is small
is held. Everything disclosed is sealed: the case is what the log was at its last checkpoint.
"""

from __future__ import annotations

import bisect
import hashlib
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property

import msgspec
from sqlalchemy import select

from canaries.core import store
from canaries.core.errors import LedgerError
from canaries.installation.home import Home
from canaries.ledger import part_plan, parts
from canaries.ledger.checkpoints import Signed
from canaries.ledger.entries import Entry
from canaries.ledger.signed_note import Verifier
from listener.dossier.case_leaves import CaseLeaves
from listener.dossier.case_lines import CaseLines
from listener.dossier.case_records import CaseCanary, Event, EventText, RawRequest
from listener.dossier.case_stamps import CaseStamp
from listener.dossier.scope import SHOWN, Scope
from listener.dossier.versions import COUNSEL, Version
from listener.incidents.proofs import Proof, ProofChecks
from listener.incidents.reach import TableReach

PAGE = 500
"""Records fetched at a time."""


class Case:
    """One case. Made by `listener.dossier.collect.collect`."""

    def __init__(
        self,
        home: Home,
        scope: Scope,
        log: Verifier,
        signed: Sequence[Signed],
        pairs: Sequence[tuple[str, str]],
        disclosed: Sequence[tuple[int, str]],
        baits: Sequence[CaseCanary],
        created_at: str,
        stamps: Sequence[CaseStamp] = (),
        roots: Mapping[str, bytes] | None = None,
        own: Set[int] = frozenset(),
        late: Set[int] = frozenset(),
        reach: Sequence[TableReach] = (),
        version: Version = COUNSEL,
        dropped: Set[int] = frozenset(),
        lines: CaseLines | None = None,
        partly: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self._home = home
        self.scope = scope
        self.log = log
        """The log's public key."""
        self.created_at = created_at
        """RFC 3339: when the dossier was built."""
        self.baits = tuple(baits)
        self.hit_count = len(pairs)
        self.stamps = tuple(stamps)  # third parties' time stamps of checkpoints, by size
        self.roots = dict(roots or {})
        """Authority to the certificates that its stamps lead to, PEM."""
        self.reach = tuple(reach)  # how much of each table was read, when this was built
        self._signed = signed  # by size, ascending
        self._sizes = [item.checkpoint.size for item in signed]
        self._pairs = sorted(pairs)  # ids of hits and of what was derived from them
        self._disclosed = disclosed  # (place in the log, id), ascending
        self._own, self._late = own, late  # as in `listener.dossier.proof.CaseProof`
        self.version = version
        """For whom it is."""
        self._dropped = dropped  # places of entries of the case that this version does not show
        self._lines = CaseLines(home) if lines is None else lines
        self.partly = partly or {}
        """Entries that are of other cases too, and the names of their parts that are shown."""
        self.addressed: Set[str] | None = None
        """Ids of the hits whose addresses are shown; None: of all."""

    @property
    def name(self) -> str:
        """For the folder and the cover."""
        return f"{self.scope.noun}-{self.scope.id}"

    @property
    def organisation(self) -> str:
        return self._home.settings.operator.organisation

    @property
    def contact(self) -> str:
        return self._home.settings.operator.contact

    @property
    def zone(self) -> str:
        """An IANA name, in which times stand beside UTC; empty: none."""
        return self._home.settings.operator.timezone

    @property
    def operator(self) -> str:
        """Who built the dossier; empty where this version shows no operator's name."""
        return "" if "by" in self.version.hidden else self._home.operator

    @property
    def head(self) -> Signed:
        """The checkpoint that covers every entry here."""
        return self._signed[-1]

    def sealed_between(self, seq: int) -> tuple[Signed | None, Signed]:
        """The last checkpoint without the entry at ``seq`` (None: it is before the first) and the first with it."""
        place = bisect.bisect_right(self._sizes, seq)
        return (self._signed[place - 1] if place else None), self._signed[place]

    def events(self) -> Iterator[Event]:
        """Every hit of the case, oldest first. Raises LedgerError where a record was changed."""
        for start in range(0, len(self._pairs), PAGE):
            page = self._pairs[start : start + PAGE]
            found = self._lines.fetch([name for pair in page for name in pair])
            for hit, derived in page:
                facts = found.get(derived)
                yield self._event(
                    found[hit], facts if facts and _sealed(facts, self.head.checkpoint.size) else None
                )

    def texts(self) -> Iterator[EventText]:
        """The same, written out: where nothing is held back, nothing is read for it."""
        if self._holds_back:
            yield from (event.text for event in self.events())
            return
        size = self.head.checkpoint.size
        for start in range(0, len(self._pairs), PAGE):
            page = self._pairs[start : start + PAGE]
            found = self._lines.bodies([name for pair in page for name in pair])
            for hit, derived in page:
                (index, observed), (at, facts) = found[hit], found.get(derived, (size, b""))
                yield EventText(index, hit, observed, *((at, facts) if at < size else (None, b"null")))

    def _event(self, hit: Entry, derived: Entry | None) -> Event:
        if not self._holds_back:
            return Event(hit, derived)
        seen, held = self._seen(hit)
        facts, more = self._seen(derived) if derived else (None, [])
        return Event(seen, facts, (*held, *more))

    @property
    def _holds_back(self) -> bool:
        return bool(self.version.hidden or self.version.brief)

    def _hidden(self, kind: str, entry_id: str, line: bytes) -> set[str]:
        """Which parts of an entry this version does not show. Raises LedgerError."""
        names = set(parts.part_names(line)) - {"", part_plan.SIGNED}
        hidden = self.version.hides(kind, names or {"by"}, line)
        hidden |= names - self.partly.get(entry_id, names)
        if hidden and not names and line[:1] == b"{":
            raise LedgerError(
                f"the {kind} entry {entry_id} is of release 0.1, which can be shown whole or not at all",
                hint="hand over the version for counsel or court: --for counsel",
            )
        away = kind == "hit" and self.addressed is not None and entry_id not in self.addressed
        return hidden | {"address"} if away else hidden

    def _seen(self, entry: Entry) -> tuple[Entry, list[str]]:
        value, held = parts.without(entry.line, self._hidden(entry.kind, entry.id, entry.line))
        return replace(entry, by=value.get("by", "held back"), body=value["body"]), held

    @cached_property
    def _proofs(self) -> ProofChecks:
        return ProofChecks(self._home)

    def proof(self, event: Event) -> Proof | None:
        """What a hit proves of the canary's secret; None where none was asked for."""
        return self._proofs.of_body(event.hit.id, event.body)

    @property
    def disclosed_places(self) -> list[int]:
        """Where the entries of the case that are shown stand in the log, ascending."""
        return [seq for seq, _ in self._disclosed]

    def disclosed(self) -> Iterator[bytes]:
        """The exact bytes of every entry of the case in log order. Raises LedgerError where a record was changed."""
        for start in range(0, len(self._disclosed), PAGE):
            page = [entry_id for _, entry_id in self._disclosed[start : start + PAGE]]
            found = self._lines.lines(page)
            yield from (self._shown(entry_id, found[entry_id]) for entry_id in page)

    def _shown(self, entry_id: str, line: bytes) -> bytes:
        if not self._holds_back and entry_id not in self.partly:
            return line
        hidden = self._hidden(parts.merged(line)["entry"], entry_id, line)
        return parts.redacted(line, hidden) if hidden else line

    @cached_property
    def story(self) -> tuple[Entry, ...]:
        """What people and machine did: the entries of the case that are neither hits nor derived, in log order."""
        events = {name for pair in self._pairs for name in pair}
        ids = [entry_id for _, entry_id in self._disclosed if entry_id not in events]
        found = self._lines.fetch(ids)
        shown = (found[entry_id] for entry_id in ids if found[entry_id].kind in SHOWN)
        return tuple(
            self._seen(entry)[0] if self._holds_back or entry.id in self.partly else entry for entry in shown
        )

    def hit_lines(self) -> Iterator[Mapping[str, bytes]]:
        """Hit id to the exact bytes of its entry, some hundred at a time, oldest first. Raises LedgerError."""
        for start in range(0, len(self._pairs), PAGE):
            yield self._lines.lines([hit for hit, _ in self._pairs[start : start + PAGE]])

    def hits(self, ids: Sequence[str]) -> list[Entry]:
        """These hits as this version shows them. Raises LedgerError."""
        found = self._lines.fetch(ids)
        return [self._seen(found[hit])[0] if self._holds_back else found[hit] for hit in ids]

    @cached_property
    def key(self) -> bytes:
        """What tells whether a header is one of the case; empty where the ``lookup`` key is not here."""
        cases = self._home.cases
        return cases.key(self.scope.noun, self.scope.id) if cases else b""

    @cached_property
    def leaves(self) -> CaseLeaves:
        """The whole log up to the head."""
        erased = (entry.body.get("leaves", ()) for entry in self.story if entry.kind == "erased")
        return CaseLeaves(
            self._home,
            self.head.checkpoint.size,
            self.disclosed_places,
            erased={bytes.fromhex(digest) for digests in erased for digest in digests},
            left=self._left(),
            dropped=self._dropped,
            own=self._own,
            late=self._late,
        )

    def _left(self) -> set[bytes]:
        """Leaf hashes of what was derived from hits that operators moved into another incident."""
        left: set[bytes] = set()
        for move in (entry.body for entry in self.story if entry.kind == "regrouped"):
            these = map(bytes.fromhex, move.get("derived", ()))
            (left.update if move["incident"] == self.scope.id else left.difference_update)(these)
        return left

    def raw_requests(self) -> Iterator[RawRequest]:
        """What came, hit by hit, by id. Raises LedgerError where it was exchanged."""
        hits = [hit for hit, _ in self._pairs]
        for start in range(0, len(hits), PAGE):
            yield from self._raw(hits[start : start + PAGE])

    def raw(self, hit_id: str) -> bytes | None:
        """The raw bytes of one hit, or None where they were erased."""
        return next((one.content for one in self._raw([hit_id])), None)

    def _raw(self, hits: Sequence[str]) -> Iterator[RawRequest]:
        table, reader = store.raw, self._home.reader
        query = select(table.c.entry_id, table.c.sealed).where(
            table.c.entry_id.in_(hits), table.c.sealed.is_not(None)
        )
        with self._home.store.read() as connection:
            rows = connection.execute(query).all()
        bodies, found = self._lines.bodies(hits), {name: reader.open(sealed, name) for name, sealed in rows}
        for hit in hits:
            raw, named = found.get(hit), _raw_named(bodies[hit][1]).raw_sha256
            if raw is not None and hashlib.sha256(raw).hexdigest() != named:
                raise LedgerError(f"the raw bytes of hit {hit} are not those that its entry names")
            yield RawRequest(hit, named, raw)


@dataclass(frozen=True, slots=True)
class _NamedRaw:
    """Of the body of a hit."""

    raw_sha256: str = ""


_raw_named = msgspec.json.Decoder(_NamedRaw).decode


def _sealed(entry: Entry, size: int) -> bool:
    return entry.seq is not None and entry.seq < size
