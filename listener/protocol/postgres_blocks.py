"""What belongs to a transaction block of PostgreSQL: its savepoints, its cursors, the settings that go back with it.

Held beside release 15.20.
"""

from __future__ import annotations

import re
from dataclasses import replace

from listener.protocol import postgres_messages
from listener.protocol.postgres_cursors import PostgresCursors
from listener.protocol.postgres_kept import KeptSettings
from listener.protocol.postgres_rules import error, plain
from listener.protocol.sql_answers import SqlAnswer, SqlDone, SqlRows

_SAVEPOINT = re.compile(r'savepoint\s+(?P<name>"[^"]+"|[\w$]+)$', re.I)
_RELEASE = re.compile(r'release\s+(?:savepoint\s+)?(?P<name>"[^"]+"|[\w$]+)$', re.I)
_BACK = re.compile(
    r'rollback\s+(?:work\s+|transaction\s+)?to\s+(?:savepoint\s+)?(?P<name>"[^"]+"|[\w$]+)$', re.I
)
_LOCAL = re.compile(r"set\s+local\s", re.I)
_NO_BLOCK = postgres_messages.warning(
    "25P01", "SET LOCAL can only be used in transaction blocks", "xact.c", "3590", "CheckTransactionBlock"
)
_MOST = 256
"""Savepoints that are kept; behind them the last one is made anew."""


class PostgresBlock:
    """That of one connection; whether there is one, `PostgresSession` knows."""

    def __init__(self, kept: KeptSettings) -> None:
        self._kept = kept
        self._cursors = PostgresCursors()
        self._savepoints: list[tuple[str, int]] = []
        """Name, and how much of what was set goes before it."""

    def run(self, answer: SqlDone, *, inside: bool) -> SqlAnswer:
        """Do what a statement says; what is answered to it. ``inside``: a block, or several statements together."""
        words = re.sub(r"\s+", " ", answer.words)
        if found := _SAVEPOINT.match(words):
            del self._savepoints[_MOST - 1 :]
            self._savepoints.append((plain(found["name"]), self._kept.mark()))
        elif found := _RELEASE.match(words):
            place = self._place(plain(found["name"]))
            if place < 0:
                return _missing(plain(found["name"]), "4320", "ReleaseSavepoint")
            del self._savepoints[place:]
            self._cursors.released(place)
        elif found := _BACK.match(words):
            place = self._place(plain(found["name"]))
            if place < 0:
                return _missing(plain(found["name"]), "4431", "RollbackToSavepoint")
            del self._savepoints[place + 1 :]
            self._kept.back(self._savepoints[place][1])
            self._cursors.back(place)
        elif told := self._cursors.run(answer, len(self._savepoints)):
            return told
        elif words:
            self._kept.take(answer.words, inside=inside)
            if _LOCAL.match(words) and not inside:
                return replace(answer, notice=_NO_BLOCK)
        return answer

    def described(self, answer: SqlDone) -> SqlRows | None:
        """The columns of what a statement will read; None where there are none."""
        return self._cursors.described(answer.words)

    def end(self, *, committed: bool) -> None:
        """The block is over."""
        self._savepoints.clear()
        self._kept.end(committed=committed)
        self._cursors.end(committed=committed)

    def _place(self, name: str) -> int:
        names = [one for one, _ in self._savepoints]
        return len(names) - 1 - names[::-1].index(name) if name in names else -1


def _missing(name: str, line: str, routine: str) -> SqlAnswer:
    return error("3B001", f'savepoint "{name}" does not exist', "xact.c", line, routine)
