"""What other entries say was there, and is not: hits that an alert told of, frames that a front numbered, evidence.

*alerted* entries, and messages that somebody kept, name the leaf hashes of the hits they told of; *received* entries
name the first and last number of the journal's frames that came from each front. Both are sums without addresses. A hit
that was deleted before it was sealed, and a journal segment that was removed before it was taken in, show here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from canaries.core import store
from canaries.core.text import counted
from canaries.ledger.entries import Entry

MOST = 100
"""Sentences kept; beyond them only the number counts."""
_AT_ONCE = 500


class Absences:
    """Sees every entry in log order. Bounded by the number of hits and of fronts."""

    def __init__(self, kept: Mapping[str, str]) -> None:
        """``kept``: leaf hashes that messages from outside tell of, hexadecimal, to where they stand."""
        self._hits: set[bytes] = set()
        self._told = {bytes.fromhex(digest): where for digest, where in kept.items()}
        self._state: dict[str, Any] | None = None
        self._untold = ""
        self._next: dict[str, int] = {}
        self._gaps: list[str] = []
        self._cited: dict[str, str] = {}
        """What judgements and notes rest on: ids of entries, to the first that names it."""

    def see_hash(self, kind: str, digest: bytes) -> None:
        """A record's kind and leaf hash; they stay where its content was erased."""
        if kind == "hit":
            self._hits.add(digest)

    def see(self, entry: Entry) -> None:
        """Take the next entry into account."""
        if entry.kind == "hit":
            self._hits.add(entry.leaf)
        elif entry.kind == "alerted":
            for digest in entry.body.get("leaves", ()):
                self._told.setdefault(bytes.fromhex(digest), f"an alert of {entry.at}")
        elif entry.kind == "started" and entry.body.get("what") != "front":
            self._start(entry.body, entry.at)
        elif entry.kind == "setting" and entry.body.get("section") == "started":
            self._untold = ""
        elif entry.kind in ("assessed", "noted"):
            place = f"at {entry.seq}" if entry.seq is not None else entry.id
            for name in entry.body.get("evidence") or ():
                self._cited.setdefault(str(name), f"the {entry.kind} entry {place}")
        elif entry.kind == "received":
            for batch in entry.body["batches"]:
                self._batch(batch["front"], batch["first"], batch["last"])
            self._gaps += entry.body.get("problems", ())

    def _start(self, body: dict[str, Any], at: str) -> None:
        """A start that differs from the one before has its *setting* entry behind it: it was told."""
        self._close_start()
        if self._state is not None and self._state != body:
            self._untold = at
        self._state = body

    def _close_start(self) -> None:
        if self._untold:
            self._gaps.append(
                f"settings, data, keys or programs were changed before the start of {self._untold}, "
                "and nobody was told: the record of the start before was rewritten"
            )
        self._untold = ""

    def _batch(self, front: str, first: int, last: int) -> None:
        expected = self._next.get(front, 1)
        if first > expected:
            lost = counted(first - expected, "frame")
            self._gaps.append(
                f"{lost} of the journal of front {front}, numbers {expected} to {first - 1}, never came: "
                "a segment was removed"
            )
        self._next[front] = max(expected, last + 1)

    def found(self, connection: Connection) -> list[str]:
        """What is missing, a sentence each; empty where nothing is."""
        self._close_start()
        resting = [
            f"{self._cited[name]} rests on {name!r}, which is not in the ledger"
            for name in self._ghosts(connection)
        ]
        missing = [
            f"{where} told of the hit with leaf hash {digest.hex()}, which is not in the ledger: it was taken away"
            for digest, where in self._told.items()
            if digest not in self._hits
        ]
        return [*missing, *self._gaps, *resting][:MOST]

    def _ghosts(self, connection: Connection) -> Iterator[str]:
        """What is cited, and no entry is called so."""
        names, table = sorted(self._cited), store.entry
        for start in range(0, len(names), _AT_ONCE):
            part = names[start : start + _AT_ONCE]
            there = set(connection.scalars(select(table.c.id).where(table.c.id.in_(part))))
            yield from (name for name in part if name not in there)
