"""What each front wrote, frame by frame, held against its chain: a frame that is missing or another's is told at once,
and is in the ledger for good.

A *received* entry says from which to which number the frames of each front were taken in: sums, no addresses. One is
written when a segment is done, and at once where something is wrong. What was seen is kept in the `front` table when a
segment is done; of a segment that is half read, its beginning is read again after a restart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from canaries.core import store
from canaries.core.text import counted
from listener.journal.fronts import key_of_front
from listener.journal.segment import Frame
from listener.notify import integrity

if TYPE_CHECKING:
    from canaries.installation.home import Home

BY = "listener"


@dataclass(slots=True)
class _FrontProgress:
    """How far one front's frames have been seen."""

    key: bytes
    """Its public key; empty where this listener started no such front."""
    number: int = 0
    head: bytes = bytes(32)
    first: int = 0
    """Of those that no entry has told of; 0: there are none."""


class FrontChains:
    """One per back process."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._seen: dict[str, _FrontProgress] = {}
        self._new: list[str] = []
        self._done: list[dict[str, Any]] = []
        self._gaps: list[str] = []
        self._problems: list[str] = []
        with home.store.read() as connection:
            for row in connection.execute(select(store.front)):
                self._seen[row.id] = _FrontProgress(key_of_front(home, row.id), row.number, row.head)

    def see(self, frame: Frame) -> None:
        """Take the next frame into account; one that was seen before is passed over."""
        link = frame.link
        if link is None:
            return
        seen = self._seen.get(link.front)
        if seen is None:
            seen = self._seen[link.front] = _FrontProgress(key_of_front(self._home, link.front))
            self._new.append(link.front)
            if not seen.key:
                self._problems.append(
                    f"front {link.front} was not started by this listener, and what it wrote came in"
                )
        if link.number <= seen.number:
            return
        if seen.key and not link.holds(frame.content, seen.key):
            self._problems.append(
                f"frame {link.number} of front {link.front} is not signed with that front's key"
            )
            return  # its number is whoever wrote it's: the front's own frames are still awaited
        if link.number > seen.number + 1:
            lost = counted(link.number - seen.number - 1, "frame")
            self._gaps.append(
                f"{lost} of front {link.front} before number {link.number} never came: was a journal segment removed?"
            )
            self._close(link.front, seen)
        elif link.previous != seen.head:
            self._problems.append(
                f"frame {link.number} of front {link.front} does not follow the one before it"
            )
        seen.first = seen.first or link.number
        seen.number, seen.head = link.number, link.digest(frame.content)

    def flush(self, *, done: bool = False) -> None:
        """Write down what is wrong, and with ``done`` (a segment is) everything. Raises StoreError."""
        if not (self._gaps or self._problems or done):
            return
        for front, seen in self._seen.items():
            self._close(front, seen)
        told = self._gaps + self._problems
        if not (self._done or told):
            return
        home, now = self._home, self._home.now()
        with home.store.write() as connection:
            for front in self._new:
                key = self._seen[front].key.hex()
                home.writer.record(
                    connection, "started", now, BY, {"what": "front", "front": front, "key": key}
                )
            body = {"batches": self._done, "problems": self._problems}
            home.writer.record(connection, "received", now, BY, body)
            self._keep(connection)
            if told:
                integrity.tell(connection, home, now, told)
        self._new, self._done, self._gaps, self._problems = [], [], [], []

    def _close(self, front: str, seen: _FrontProgress) -> None:
        if seen.first:
            self._done.append(
                {"front": front, "first": seen.first, "last": seen.number, "head": seen.head.hex()}
            )
        seen.first = 0

    def _keep(self, connection: Connection) -> None:
        for front in {batch["front"] for batch in self._done}:
            seen = self._seen[front]
            values = {"number": seen.number, "head": seen.head}
            store.upsert(connection, store.front, {"id": front, **values}, values)
