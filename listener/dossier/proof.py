"""Proving the case before it is signed: the whole ledger is checked, and the hits of the case are counted in it.

Which hits belong to a case is read from their sealed entries, never from the index tables: whoever can write to the
database could take a row away there, or move one. The *opened* entry states how many hits the case has, and their
Merkle root, so that a later dossier with fewer of them shows.
"""

from __future__ import annotations

from typing import Any

from canaries.core.errors import LedgerError
from canaries.installation.home import Home
from canaries.ledger.entries import Entry
from canaries.ledger.merkle import Frontier, leaf_hash
from canaries.ledger.regrouping import moved
from canaries.ledger.sealer import LogSealer
from canaries.ledger.verification import verify
from listener.dossier.case import Scope


class _Members:
    """Collects the sealed hits of a case while the ledger is checked."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._hits: dict[str, tuple[int, bytes]] = {}
        self._of: dict[str, str] = {}

    def see(self, entry: Entry) -> None:
        if entry.seq is None:
            return
        if entry.kind == "hit" and (self._scope.noun == "incident" or entry.body["canary"] == self._scope.id):
            self._hits[entry.id] = entry.seq, leaf_hash(entry.line)
        elif entry.kind == "derived":
            self._of.setdefault(entry.body["hit"], entry.body["incident"])
        elif entry.kind == "regrouped":
            self._of.update(moved([entry]))

    def hashes(self) -> list[bytes]:
        """Leaf hashes of the case's hits, in log order."""
        if self._scope.noun == "canary":
            return [digest for _, digest in sorted(self._hits.values())]
        own = [place for hit, place in self._hits.items() if self._of.get(hit) == self._scope.id]
        return [digest for _, digest in sorted(own)]


def sealed_hits(home: Home, scope: Scope) -> dict[str, Any]:
    """What the *opened* entry states: ``size`` of the log, ``count`` of the case's hits below it, their ``root``.

    Raises LedgerError naming the entry where the ledger does not verify, or where the vault's key is not here.
    """
    sealer = LogSealer(home)
    sealer.seal_once()
    members = _Members(scope)
    report = verify(home, members.see)
    if report.entries and not report.opened:
        raise LedgerError("the vault's key is not here", hint="a dossier is built where the vault key is")
    tree = Frontier()
    hashes = members.hashes()
    for digest in hashes:
        tree.append(digest)
    return {"size": report.entries, "count": len(hashes), "root": tree.root().hex()}
