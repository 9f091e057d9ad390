"""Quarantine sightings that cannot be processed, so that those behind them still are.

A batch that fails is halved until the one that fails is alone. That one is set aside, sealed for the vault, in
``refused`` under the home folder, and said aloud: kept, counted, and out of the way. A database that is away is no such
reason: then the whole batch waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from canaries.core import files, safe_traceback
from canaries.core.errors import StoreError
from listener.evidence import sighting as sightings
from listener.evidence.sighting import Sighting

if TYPE_CHECKING:
    from canaries.installation.home import Home

FOLDER = "refused"


class Taker(Protocol):
    """What intake does."""

    def ingest(self, sightings: Sequence[Sighting], segment: str, offset: int | None) -> int: ...


class Quarantine:
    """Intake that never fails for one sighting's sake."""

    def __init__(self, home: Home, intake: Taker, say: Callable[[str], None]) -> None:
        self._home, self._intake, self._say = home, intake, say

    def ingest(self, batch: Sequence[Sighting], segment: str, offset: int | None) -> int:
        """As `listener.ingest.intake.Intake.ingest`. Raises StoreError."""
        try:
            return self._intake.ingest(batch, segment, offset)
        except StoreError:
            raise
        except Exception as error:  # a bug costs one sighting its place, no other
            if len(batch) > 1:
                middle = len(batch) // 2
                taken = self.ingest(batch[:middle], segment, None)
                return taken + self.ingest(batch[middle:], segment, offset)
            if not batch:
                raise
            safe_traceback.log_error(error)
            self._set_aside(batch[0])
            return self._intake.ingest((), segment, offset)

    def _set_aside(self, sighting: Sighting) -> None:
        folder = self._home.path / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        box = self._home.writer.seal(sightings.encode([sighting]), sighting.id)
        try:
            files.create(folder / f"{sighting.id}.sighting", box)
        except FileExistsError:
            return
        self._say(f"one sighting could not be taken in; it is kept in {folder / sighting.id}.sighting")
