"""Tells the front of bait that was minted elsewhere, and of the last of its kind that was retired.

Who mints on this machine writes the front's file at once (`canaries.installation.kinds_file`); this covers other
machines on the same database, a home of an earlier version, and what could not be written.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from canaries.installation import kinds_file
from canaries.mint import live_kinds

if TYPE_CHECKING:
    from canaries.installation.home import Home

EVERY_SECONDS = 1.0


class KindsWatch:
    """Compares the file with the database."""

    def __init__(self, home: Home) -> None:
        self._home, self._folder = home, home.path / "front"

    def run(self, stop: threading.Event) -> None:
        """Until ``stop``. Raises StoreError, OSError."""
        while True:
            self.look()
            if stop.wait(EVERY_SECONDS):
                return

    def look(self) -> None:
        """Bring the file up to date, once the supervisor has made it. Raises StoreError, OSError."""
        if not (self._folder / kinds_file.FILE).is_file():
            return
        with kinds_file.settled(self._folder) as found:
            with self._home.store.read() as connection:
                known = live_kinds.live_kinds(connection)
            if known is None:
                with self._home.store.write() as connection:
                    known = live_kinds.note(connection, frozenset())
            found.append(known)
