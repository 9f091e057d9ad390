"""The part of the back that follows logs: every half second, one log after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from canaries.core.errors import ScanError
from canaries.scan import index, known
from canaries.scan.index import ScanIndex
from listener.following.log_reader import LogLook, LogReader, LogTaker
from listener.following.log_settings import FollowedLog, followed_logs
from listener.sensors import installed

if TYPE_CHECKING:
    from canaries.installation.home import Home

SECONDS = 0.5
_PATIENCE = 600
"""Looks, after which a problem that has not gone is said again."""


class IndexedSearch:
    """The search for canaries by the home's scan index, which is read again when it was written anew."""

    def __init__(self, home: Home) -> None:
        self._home, self._path = home, home.path / known.FILE
        self._names: tuple[bytes, ...] = ()
        self._stamp: tuple[int, int] | None = None
        self._index: ScanIndex | None = None
        self.problem = ""

    def refresh(self) -> None:
        """Look whether there is a newer index, and which tables were made to be read by nobody."""
        self._names = tuple(
            name.encode() for one in installed.read_all(self._home).values() for name in one.names
        )
        try:
            found = self._path.stat()
        except OSError:
            self.problem = f"{self._path.name} is not there: any trapline scan makes it"
            return
        if self._stamp == (found.st_ino, found.st_mtime_ns):
            return
        try:
            self._index = index.read(self._path)
        except ScanError as error:
            self.problem = error.sentence
            return
        self._stamp, self.problem = (found.st_ino, found.st_mtime_ns), ""

    def places(self, block: bytes) -> Iterator[tuple[int, int]]:
        """(start, length) of each string of a canary, and of the name of each such table."""
        for name in self._names:
            place = block.find(name)
            while place >= 0:
                yield place, len(name)
                place = block.find(name, place + 1)
        if self._index is not None:
            yield from ((match.place, match.length) for match in self._index.matches(block) if not match.weak)


class LogFollower:
    """Follows every log of the settings. Raises SettingsError, StoreError."""

    def __init__(self, home: Home, taker: LogTaker, say: Callable[[str], None]) -> None:
        self._say, self._search = say, IndexedSearch(home)
        self._logs = followed_logs(home.settings.logs)
        self._readers = {
            log.name: LogReader(log, home.store, taker, self._search.places) for log in self._logs
        }
        self._said: dict[str, int] = {}

    @property
    def logs(self) -> list[FollowedLog]:
        return self._logs

    def run(self, stop: threading.Event) -> None:
        """Until ``stop``."""
        while True:
            self.look()
            if stop.wait(SECONDS):
                return

    def look(self) -> dict[str, LogLook]:
        """One look at each log. Raises StoreError."""
        if any(log.source.indexed for log in self._logs):
            self._search.refresh()
        looks = {}
        for log in self._logs:
            look = self._readers[log.name].look()
            if log.source.indexed and self._search.problem:
                look.problems.append(self._search.problem)
            self._tell(log.name, look.problems)
            looks[log.name] = look
        return looks

    def _tell(self, name: str, problems: list[str]) -> None:
        for problem in problems:
            said = f"log {name}: {problem}"
            turns = self._said.get(said, 0)
            if turns % _PATIENCE == 0:
                self._say(said)
            self._said[said] = turns + 1
        if not problems:
            self._said = {
                said: turns for said, turns in self._said.items() if not said.startswith(f"log {name}:")
            }
