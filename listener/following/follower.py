"""The part of the back that follows logs: every half second, one log after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from listener.following.document_reader import DocumentReader
from listener.following.indexed_search import IndexedSearch
from listener.following.log_reader import LogLook, LogReader, LogTaker
from listener.following.log_settings import FollowedLog, followed_logs

if TYPE_CHECKING:
    from canaries.installation.home import Home

SECONDS = 0.5
_PATIENCE = 600
"""Looks, after which a problem that has not gone is said again."""


class LogFollower:
    """Follows every log of the settings. Raises SettingsError, StoreError."""

    def __init__(self, home: Home, taker: LogTaker, say: Callable[[str], None]) -> None:
        self._say, self._search = say, IndexedSearch(home)
        self._logs = followed_logs(home.settings.logs)
        self._readers = {
            log.name: (DocumentReader if log.source.whole else LogReader)(
                log, home.store, taker, self._search.places
            )
            for log in self._logs
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
            self._search.refresh()  # also where no log grows: what is wrong with the index is told at once
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
