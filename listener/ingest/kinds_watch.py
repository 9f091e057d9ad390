"""Tells the front of bait that was minted elsewhere, of the last of its kind and of push endpoints that were retired.

Who mints on this machine writes the front's file at once (`canaries.installation.kinds_file`); this covers other
machines on the same database, a home of an earlier version, and what could not be written.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from canaries.installation import kinds_file
from canaries.mint import live_kinds, retired_endpoints

if TYPE_CHECKING:
    from canaries.installation.home import Home

EVERY_SECONDS = 1.0


class KindsWatch:
    """Compares the file with the database."""

    def __init__(self, home: Home) -> None:
        self._home, self._folder = home, home.path / "front"
        self._retired: tuple[str, int] | None = None
        """As of when the front knows which push subscriptions were retired."""

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
        self._look_at_retired()

    def _look_at_retired(self) -> None:
        if not (self._folder / kinds_file.RETIRED).is_file():
            return
        with self._home.store.read() as connection:
            marker = retired_endpoints.marker(connection)
            if marker == self._retired:
                return
            tags = retired_endpoints.tags(connection, self._home.keys.alerts)
        with kinds_file.settled(self._folder, kinds_file.RETIRED) as found:
            found.append(tags)
        self._retired = marker
