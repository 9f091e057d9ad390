"""The database: reachable, this installation's, of this version, not in anybody's hold."""

from __future__ import annotations

import time
from collections.abc import Iterator

from sqlalchemy import select

from canaries.core import counting, store
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, well

_SLOW_SECONDS = 2.0


class DatabaseCheck(Check):
    name = "database"
    order = 12

    def look(self, view: View) -> Iterator[PartState]:
        database = view.store()
        began = time.monotonic()
        with database.read() as connection:
            hits = counting.up_to(connection, select(store.hit.c.id))
            canaries = counting.up_to(connection, select(store.canary.c.id))
        seconds = time.monotonic() - began
        if seconds > _SLOW_SECONDS:
            yield failing(self.name, f"a small question took it {seconds:.0f} seconds")
        yield well(
            self.name, f"{database.dialect}, {counting.words(canaries)} canaries, {counting.words(hits)} hits"
        )
