"""Draining: which bytes of which journal segment come next, and what happens to segments that are done.

A segment that its front has closed is complete. Read to its end it is removed. Bytes that are no sound frame are set
aside beside the journal before the next batch is committed, counted and said aloud, never silently dropped:
``.damaged`` changed on disk or another key's, ``.torn`` an end that was not written whole.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from canaries.core import clock, files, store
from canaries.crypto.sealed_box import BoxOpener
from listener.evidence.sighting import Sighting
from listener.ingest.front_chains import FrontChains
from listener.journal import journal, segment
from listener.journal.segment import Frame

if TYPE_CHECKING:
    from canaries.installation.home import Home

BATCH = 500
"""Sightings a transaction, about: frames are never split. The first are alerted before the rest is thought about."""
_BACKLOG_BATCH = 2_000
"""The same behind a full batch: what stands once a batch (rows of incidents, pages of indexes) is then written less
often, which saves a fifth of a hit's cost."""
_BATCH_BYTES = 4 << 20
"""Raw bytes a transaction, about: what the back has in memory at a time."""
_BULK_BATCH_BYTES = 1 << 20
"""The same of the bulk lane: the other one waits no longer than this takes."""
LATE_SECONDS = 5.0
"""From the observation to intake: later is told."""
_SETTLE_SECONDS = 30.0
_TURNS = 8
"""After so many times `BATCH` sightings comes a batch of the bulk lane, where both have something."""

Take = Callable[[list[Sighting], str, int | None], int]


class Drain:
    """Reads the journal folder of one home, once: a second back on the same folder is refused."""

    def __init__(self, home: Home, say: Callable[[str], None], lock: int | None = None) -> None:
        """``lock``: of `listener.journal.journal.claim`, where the caller has it already. Raises HomeError."""
        self._home, self._say = home, say
        self._folder = home.journal_folder
        self._opener = BoxOpener(home.keys.journal, "journal")
        self._lock = journal.claim(self._folder) if lock is None else lock
        self._offsets = self._load()
        self._turn = 0
        self._backlog = False
        """Whether the last batch was full."""
        self._idle_at = -1.0
        """When the last look began that found nothing, by the monotonic clock."""
        self.late = 0
        """Sightings of the last batch that had waited for more than `LATE_SECONDS`."""
        self._chains = FrontChains(home)
        self._half_read = set(self._offsets)
        """Segments whose beginning an earlier back took in."""

    def _load(self) -> dict[str, int]:
        with self._home.store.read() as connection:
            return {row.segment: row.offset for row in connection.execute(select(store.drained))}

    def step(self, take: Take) -> int:
        """Hand the next batch to ``take``. Returns how many sightings there were; 0: nothing waits.

        What the front put into the bulk lane comes when nothing waits in the other, and at every eighth turn: a large
        batch counts as several.
        """
        began = clock.monotonic()
        self._turn += 1
        self.late = 0
        waiting = segment.segments(self._folder)
        bulk_first = self._turn >= _TURNS
        for path in sorted(waiting, key=lambda path: segment.is_bulk(path) is not bulk_first):
            offset = self._offsets.get(path.name, 0)
            try:
                # asked before it is read: what is read is then all there will be
                complete = segment.closed(path)
                sightings, end = self._batch(path, offset, complete)
            except FileNotFoundError:
                continue  # on a full disk its front got nothing into it, and took it away again
            if end > offset:
                self.late = _late(sightings)
                self._chains.flush()
                take(sightings, path.name, end)
                self._offsets[path.name] = end
                self._turn = 0 if bulk_first else self._turn + max(0, len(sightings) // BATCH - 1)
                self._backlog = len(sightings) >= BATCH
                return len(sightings) or 1
            if complete:
                self._finish(path)
        self._idle_at, self._backlog = began, False
        return 0

    def settled(self) -> None:
        """For another thread: return when all that is in the journal now is taken in, or after half a minute: what
        keeps the back so busy holds nobody up for ever."""
        now = clock.monotonic()
        while self._idle_at < now and clock.monotonic() < now + _SETTLE_SECONDS:
            time.sleep(0.05)

    def _batch(self, path: Path, offset: int, complete: bool) -> tuple[list[Sighting], int]:
        if path.name in self._half_read:
            self._look_back(path, offset)
        if path.stat().st_size <= offset:
            return [], offset
        gathered: list[Sighting] = []
        weight = 0
        most_bytes = _BULK_BATCH_BYTES if segment.is_bulk(path) else _BATCH_BYTES
        most = _BACKLOG_BATCH if self._backlog else BATCH
        for frame in segment.frames(path, self._opener, offset, complete=complete):
            offset = frame.end
            if frame.problem:
                self._set_aside(path, frame)
            self._chains.see(frame)
            gathered += frame.sightings
            weight += sum(len(sighting.raw) for sighting in frame.sightings)
            if len(gathered) >= most or weight >= most_bytes:
                break
        return gathered, offset

    def _set_aside(self, path: Path, frame: Frame) -> None:
        suffix = ".torn" if frame.problem == "torn" else ".damaged"
        kept = path.with_name(f"{path.stem}-{frame.start}{suffix}")
        with path.open("rb") as file:
            file.seek(frame.start)
            new = files.publish(kept, file.read(frame.end - frame.start))
        if new:
            self._say(f"{path.name}: bytes {frame.start} to {frame.end} {_loss(frame)}; kept in {kept.name}")

    def _look_back(self, path: Path, offset: int) -> None:
        """What was taken in of a segment before this process began is part of its front's chain."""
        for frame in segment.frames(path, self._opener, complete=True):
            if frame.end > offset:
                break
            self._chains.see(frame)
        self._half_read.discard(path.name)

    def _finish(self, path: Path) -> None:
        self._chains.flush(done=True)
        path.unlink()
        files.sync_folder(self._folder)
        with self._home.store.write() as connection:
            connection.execute(delete(store.drained).where(store.drained.c.segment == path.name))
        self._offsets.pop(path.name, None)

    def close(self) -> None:
        """Let another back take over."""
        os.close(self._lock)


def _late(sightings: list[Sighting]) -> int:
    before = clock.micros() - round(LATE_SECONDS * 1e6)
    return sum(sighting.observed_at < before for sighting in sightings)


def _loss(frame: Frame) -> str:
    """What a piece that is no sound frame means for those who were answered."""
    if frame.problem == "foreign":
        return "are not for this installation's key"
    if frame.problem == "torn":
        return "are no whole record: an unfinished write, for which nobody was answered, or damage on disk"
    count = (
        "the sightings in them are lost" if frame.lost is None else f"at most {frame.lost} sightings are lost"
    )
    return f"are damaged: {count}, though their visitors were answered"
