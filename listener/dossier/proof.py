"""Proving the case before it is signed: the whole ledger is checked, and the hits of the case are counted in it.

Which hits belong to a case is read from their sealed entries, never from the index tables: whoever can write to the
database could take a row away there, or move one. The *opened* entry states how many hits the case has, and their
Merkle root, so that a later dossier with fewer of them shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from canaries.core.errors import LedgerError
from canaries.installation.home import Home
from canaries.ledger.entries import Entry
from canaries.ledger.merkle import Frontier
from canaries.ledger.parts import UNTAGGED
from canaries.ledger.regrouping import moved
from canaries.ledger.sealer import LogSealer
from canaries.ledger.verification import verify
from listener.dossier.case_lines import CaseLines
from listener.dossier.scope import Scope

_WAITING = 1_000
"""Hits that wait for what was derived from them, which says of which incident they are."""


@dataclass(frozen=True, slots=True)
class CaseProof:
    """What the check of the whole ledger showed of a case."""

    stated: dict[str, Any]
    """For the *opened* entry: ``size`` of the log, ``count`` of the case's hits below it, their ``root``, and where
    entries of version 2 begin (``divided``; the size where there are none)."""
    own: frozenset[int]
    """Places of entries whose header says that they are of the case."""
    late: frozenset[int]
    """Places of entries of version 1 after that: an older program wrote them."""
    lines: CaseLines
    """Its hits and facts, as they were opened for the check."""


class _Members:
    """Collects the sealed hits of a case, and which entries are of it by their header, while the ledger is checked."""

    def __init__(self, scope: Scope, lines: CaseLines) -> None:
        self._scope, self.lines = scope, lines
        self._waiting: dict[str, Entry] = {}
        self._hits: dict[str, tuple[int, bytes]] = {}
        self._of: dict[str, str] = {}
        self.divided: int | None = None
        self.own: set[int] = set()
        self.late: set[int] = set()

    def see(self, entry: Entry) -> None:
        if entry.seq is None:
            return
        if entry.header is None:
            if self.divided is not None:
                self.late.add(entry.seq)
        else:
            self.divided = entry.seq if self.divided is None else self.divided
            tags = {"canary": entry.header.canary, "incident": entry.header.incident}
            if entry.body.get(self._scope.noun) == self._scope.id and tags[self._scope.noun] != UNTAGGED:
                self.own.add(entry.seq)
        if entry.kind == "hit" and (self._scope.noun == "incident" or entry.body["canary"] == self._scope.id):
            self._hits[entry.id] = entry.seq, entry.leaf
            self._waiting[entry.id] = entry
            if len(self._waiting) > _WAITING:
                del self._waiting[next(iter(self._waiting))]
        elif entry.kind == "derived":
            self._of.setdefault(entry.body["hit"], entry.body["incident"])
            hit = self._waiting.pop(entry.body["hit"], None)
            if hit and (self._scope.noun == "canary" or entry.body["incident"] == self._scope.id):
                self.lines.put(hit)
                self.lines.put(entry)
        elif entry.kind == "regrouped":
            self._of.update(moved([entry]))

    def hashes(self) -> list[bytes]:
        """Leaf hashes of the case's hits, in log order."""
        if self._scope.noun == "canary":
            return [digest for _, digest in sorted(self._hits.values())]
        own = [place for hit, place in self._hits.items() if self._of.get(hit) == self._scope.id]
        return [digest for _, digest in sorted(own)]


def sealed_hits(home: Home, scope: Scope) -> CaseProof:
    """Check the whole ledger, and what it says of the case.

    Raises LedgerError naming the entry where the ledger does not verify, or where the vault's key is not here.
    """
    sealer = LogSealer(home)
    sealer.seal_once()
    members = _Members(scope, CaseLines(home))
    report = verify(home, members.see)
    if report.entries and not report.opened:
        raise LedgerError("the vault's key is not here", hint="a dossier is built where the vault key is")
    tree = Frontier()
    hashes = members.hashes()
    for digest in hashes:
        tree.append(digest)
    stated = {
        "size": report.entries,
        "count": len(hashes),
        "root": tree.root().hex(),
        "divided": report.entries if members.divided is None else members.divided,
    }
    return CaseProof(stated, frozenset(members.own), frozenset(members.late), members.lines)
