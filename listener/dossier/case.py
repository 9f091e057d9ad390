"""The case: all that the ledger holds about one incident or one canary, as the formats read it.

What is large (hits, entries, leaves, raw requests) is streamed from the database when it is asked for; what is small
is held. Everything disclosed is sealed: the case is what the log was at its last checkpoint.
"""

from __future__ import annotations

import bisect
import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import cached_property

from sqlalchemy import select

from canaries.core import store
from canaries.core.errors import LedgerError
from canaries.installation.home import Home
from canaries.ledger import part_plan, parts
from canaries.ledger.checkpoints import Signed
from canaries.ledger.entries import Entry
from canaries.ledger.parts import EntryHeader
from canaries.ledger.signed_note import Verifier
from listener.dossier.case_lines import CaseLines
from listener.dossier.case_records import CaseCanary, Event, Leaf
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

    def headers(self) -> Iterator[tuple[int, EntryHeader]]:
        """(place, header) of each entry that is withheld and has one. Raises LedgerError."""
        waiting: list[tuple[int, str]] = []
        for leaf, entry_id in self._places():
            if leaf.status != "disclosed":
                waiting.append((leaf.seq, entry_id))
            if len(waiting) == PAGE:
                yield from self._headers(waiting)
                waiting = []
        yield from self._headers(waiting)

    def _headers(self, places: Sequence[tuple[int, str]]) -> Iterator[tuple[int, EntryHeader]]:
        with self._home.store.read() as connection:
            found = self._home.reader.headers(connection, [entry_id for _, entry_id in places])
        return ((seq, found[entry_id]) for seq, entry_id in places if entry_id in found)

    def leaves(self) -> Iterator[Leaf]:
        """The whole log up to the head, other matters as bare hashes."""
        hashes, statuses = self._log
        for seq, status in enumerate(statuses):
            yield Leaf(seq, hashes[32 * seq : 32 * seq + 32], status)

    @cached_property
    def _log(self) -> tuple[bytes, list[str]]:
        """Leaf hashes of the whole log, one behind the other, and what is disclosed of them."""
        hashes, statuses = bytearray(), []
        for leaf, _ in self._places():
            hashes += leaf.hash
            statuses.append(sys.intern(leaf.status))
        return bytes(hashes), statuses

    def _places(self) -> Iterator[tuple[Leaf, str]]:
        disclosed = iter(self._disclosed)
        mine = next(disclosed, (-1, ""))
        leaf = store.leaf
        query = select(leaf).where(leaf.c.seq < self.head.checkpoint.size).order_by(leaf.c.seq)
        erased = {
            digest
            for entry in self.story
            if entry.kind == "erased"
            for digest in entry.body.get("leaves", ())
        }
        left = self._left()
        with self._home.store.read() as connection:
            for row in connection.execution_options(yield_per=10_000).execute(query):
                digest = row.hash.hex()
                if row.seq == mine[0]:
                    status, mine = "disclosed", next(disclosed, (-1, ""))
                elif digest in erased:
                    status = "withheld:erased"
                elif row.seq in self._dropped or (row.seq in self._own and digest not in left):
                    status = "withheld:held-back"
                else:
                    status = "withheld:no-header" if row.seq in self._late else "withheld:other-matter"
                yield Leaf(row.seq, row.hash, status), row.entry_id

    def _left(self) -> set[str]:
        """Leaf hashes of what was derived from hits that operators moved into another incident."""
        left: set[str] = set()
        for move in (entry.body for entry in self.story if entry.kind == "regrouped"):
            (left.update if move["incident"] == self.scope.id else left.difference_update)(
                move.get("derived", ())
            )
        return left

    def raw_requests(self) -> Iterator[tuple[str, bytes | None]]:
        """(hit id, raw bytes or None where they were erased), by id. Raises LedgerError where they were exchanged."""
        hits = [hit for hit, _ in self._pairs]
        for start in range(0, len(hits), PAGE):
            yield from self._raw(hits[start : start + PAGE])

    def raw(self, hit_id: str) -> bytes | None:
        """The raw bytes of one hit, or None where they were erased."""
        return next((raw for _, raw in self._raw([hit_id])), None)

    def _raw(self, hits: Sequence[str]) -> list[tuple[str, bytes | None]]:
        table = store.raw
        reader = self._home.reader
        with self._home.store.read() as connection:
            rows = connection.execute(select(table).where(table.c.entry_id.in_(hits))).all()
        entries = self._lines.fetch(hits)
        found = {
            row.entry_id: reader.open(row.sealed, row.entry_id) for row in rows if row.sealed is not None
        }
        for hit, raw in found.items():
            if hashlib.sha256(raw).hexdigest() != entries[hit].body["raw_sha256"]:
                raise LedgerError(f"the raw bytes of hit {hit} are not those that its entry names")
        return [(hit, found.get(hit)) for hit in hits]


def _sealed(entry: Entry, size: int) -> bool:
    return entry.seq is not None and entry.seq < size
