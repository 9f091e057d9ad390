"""The sealed log: nothing waits long for its place, and the copy outside the database agrees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from canaries.core import store
from canaries.core.clock import rfc3339
from canaries.ledger.checkpoints import Outside, log_verifier
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, well

_LATE_SECONDS = 60.0
_COUNTED = 1_000
"""Waiting entries that are looked at, the oldest: their ids begin with the time (RFC 9562, UUIDv7)."""


class LedgerCheck(Check):
    name = "ledger"
    order = 14

    def look(self, view: View) -> Iterator[PartState]:
        home, bad = view.home, False
        outside = Outside(home.path / "checkpoints", log_verifier(home)).latest()
        late = _LATE_SECONDS + home.settings.seal.seconds
        before = rfc3339(view.now - timedelta(seconds=late))
        entry = store.entry
        oldest = (
            select(store.unsealed.c.entry_id).order_by(store.unsealed.c.entry_id).limit(_COUNTED).subquery()
        )
        with view.store().read() as connection:
            last = connection.execute(select(func.max(store.leaf.c.seq))).scalar_one()
            size = 0 if last is None else last + 1
            inside = connection.execute(select(func.max(store.checkpoint.c.size))).scalar_one() or 0
            waiting = connection.execute(
                select(func.count())
                .select_from(oldest.join(entry, entry.c.id == oldest.c.entry_id))
                .where(entry.c.at < before)
            ).scalar_one()
        signed = outside.checkpoint.size if outside else 0
        if signed > size:
            bad = True
            yield failing(
                self.name,
                f"the database holds {size} sealed entries, but {signed} were sealed before: it was put back",
                "bring back the newest database; where there is none: trapline ledger continue",
            )
        elif inside > signed:
            bad = True
            yield failing(
                self.name,
                f"the copy outside the database ends at {signed}, the database's own at {inside}",
                "checkpoints/ was put back or emptied; the next checkpoint mends it: trapline ledger checkpoint",
            )
        if waiting:
            many = f"{waiting} or more" if waiting == _COUNTED else str(waiting)
            bad = True
            yield failing(
                self.name,
                f"entries that have waited more than {late:.0f} seconds for their place in the log: {many}",
                "does the sealer run? By hand: trapline ledger seal",
            )
        if not bad:
            yield well(self.name, f"{size} entries sealed, {signed} under the last checkpoint")
