"""The scheduled check of the whole ledger: a contradiction is told on every channel, and stands in ``status``.

Without the vault's key on this machine contents are not opened: order, hashes and checkpoints are checked all the same.
The result is the `meta` row ``integrity``.
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from canaries.core import store
from canaries.core.errors import LedgerError
from canaries.ledger.verification import verify
from listener.notify import integrity

if TYPE_CHECKING:
    from canaries.installation.home import Home

FIRST_SECONDS = 30.0
SECONDS = 6 * 3600.0
ROW = "integrity"


class LedgerWatch:
    """Checks in a thread of its own, soon after the start and then at fixed distances."""

    def __init__(self, home: Home, first: float = FIRST_SECONDS, seconds: float = SECONDS) -> None:
        self._home, self._first, self._seconds = home, first, seconds

    def run(self, stop: threading.Event) -> None:
        """Check until ``stop``. Raises StoreError where the database is away."""
        wait = self._first
        while not stop.wait(wait):
            self.look()
            wait = self._seconds

    def look(self) -> list[str]:
        """Check once; what is wrong, a sentence each. What was not told of before is told."""
        found = problems(self._home)
        now = self._home.now()
        with self._home.store.write() as connection:
            fresh = [problem for problem in found if problem not in last(connection)[1]]
            value = json.dumps({"at": now, "problems": found})
            store.upsert(connection, store.meta, {"name": ROW, "value": value}, {"value": value})
            if fresh:
                integrity.tell(connection, self._home, now, fresh)
        return found


def problems(home: Home) -> list[str]:
    """What a whole check finds; empty where the ledger verifies."""
    try:
        report = verify(home)
    except LedgerError as error:
        return [error.sentence]
    return [*report.absent, *report.forged]


def last(connection: Connection) -> tuple[str, list[str]]:
    """When the last check was, RFC 3339 or empty, and what it found."""
    stored = connection.scalar(select(store.meta.c.value).where(store.meta.c.name == ROW))
    if not stored:
        return "", []
    value = json.loads(stored)
    return value["at"], value["problems"]
