"""The journal between front and back: how much waits, how long, and what could not be read."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import select

from canaries.core import store
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, well
from listener.journal.segment import segments

_LATE_SECONDS = 60.0
_FULL = 0.8
"""Of the limit at which the front refuses."""


class JournalCheck(Check):
    name = "journal"
    order = 13

    def look(self, view: View) -> Iterator[PartState]:
        folder, bad = view.home.journal_folder, False
        for part, path, word in (
            ("journal", folder, "*.damaged"),
            ("journal", folder, "*.torn"),
            ("refused", view.home.path / "refused", "*.sighting"),
        ):
            kept = sorted(path.glob(word)) if path.is_dir() else []
            if kept:
                bad = True
                what = {
                    "*.damaged": "damaged pieces of the journal are kept, answered sightings may be lost in them",
                    "*.torn": "torn ends of the journal are kept",
                    "*.sighting": "sightings could not be taken in and are kept",
                }[word]
                yield failing(
                    part,
                    f"{len(kept)} {what}: {kept[0].name}{' ...' if len(kept) > 1 else ''}",
                    f"look at {path}, then move them out of it",
                )
        waiting, oldest = self._waiting(view)
        limit = view.home.settings.journal.limit_mb << 20
        if waiting > limit * _FULL:
            bad = True
            yield failing(
                self.name,
                f"{waiting >> 20} MB wait, at {limit >> 20} MB the front refuses visitors",
                "is the back running?",
            )
        late = (view.now - oldest).total_seconds() if oldest else 0.0
        if waiting and late > _LATE_SECONDS:
            bad = True
            yield failing(
                self.name,
                f"{waiting} bytes have not been taken in for {late:.0f} seconds or more",
                "is the listener running, and its database there?",
            )
        if not bad:
            yield well(self.name, f"{waiting} bytes wait")

    def _waiting(self, view: View) -> tuple[int, datetime | None]:
        """Bytes that no back has taken in, and when the first of their segments was last written to."""
        with view.store().read() as connection:
            done = {row.segment: row.offset for row in connection.execute(select(store.drained))}
        total, oldest = 0, None
        for path in segments(view.home.journal_folder):
            with contextlib.suppress(FileNotFoundError):
                state = path.stat()
                left = state.st_size - done.get(path.name, 0)
                if left > 0:
                    total += left
                    written = datetime.fromtimestamp(state.st_mtime, UTC)
                    oldest = min(oldest or written, written)
        return total, oldest
