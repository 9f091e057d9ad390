"""Draining: which bytes of which journal segment come next, and what happens to segments that are done.

A segment that its front has closed is complete. Read to its end it is removed. Bytes at its end
that are no whole frame were never acknowledged (a torn write) or were changed on disk; the file is then kept under
another name and said aloud, never silently dropped.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from canaries.core import store
from canaries.crypto.sealed_box import BoxOpener
from listener.evidence.sighting import Sighting
from listener.journal import journal

if TYPE_CHECKING:
    from canaries.installation.home import Home

BATCH = 2000
"""Sightings a transaction, about: frames are never split."""
_BATCH_BYTES = 32 << 20
"""Raw bytes a transaction, about: what the back has in memory at a time."""

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

    def _load(self) -> dict[str, int]:
        with self._home.store.read() as connection:
            return {row.segment: row.offset for row in connection.execute(select(store.drained))}

    def step(self, take: Take) -> int:
        """Hand the next batch to ``take``. Returns how many sightings there were; 0: nothing waits."""
        for path in journal.segments(self._folder):
            offset = self._offsets.get(path.name, 0)
            try:
                complete = journal.closed(
                    path
                )  # asked before it is read: what is read is then all there will be
                sightings, end = self._batch(path, offset)
            except FileNotFoundError:
                continue  # on a full disk its front got nothing into it, and took it away again
            if end > offset:
                take(sightings, path.name, end)
                self._offsets[path.name] = end
                return len(sightings) or 1
            if complete:
                self._finish(path, end)
        return 0

    def _batch(self, path: Path, offset: int) -> tuple[list[Sighting], int]:
        if path.stat().st_size <= offset:
            return [], offset
        gathered: list[Sighting] = []
        weight = 0
        for end, sightings in journal.frames(path, self._opener, offset):
            offset = end
            if sightings is None:
                self._say(
                    f"{path.name}: a frame before byte {end} is not for this installation's key; it is skipped"
                )
                continue
            gathered += sightings
            weight += sum(len(sighting.raw) for sighting in sightings)
            if len(gathered) >= BATCH or weight >= _BATCH_BYTES:
                break
        return gathered, offset

    def _finish(self, path: Path, offset: int) -> None:
        left = path.stat().st_size - offset
        if left > 0:
            kept = path.with_suffix(".torn")
            path.rename(kept)
            self._say(
                f"{kept.name}: its last {left} bytes are no whole record, so nobody was answered for them; kept"
            )
        else:
            path.unlink()
        journal.sync_folder(self._folder)
        with self._home.store.write() as connection:
            connection.execute(delete(store.drained).where(store.drained.c.segment == path.name))
        self._offsets.pop(path.name, None)

    def close(self) -> None:
        """Let another back take over."""
        os.close(self._lock)
