"""What the last scheduled check of the whole ledger found."""

from __future__ import annotations

from collections.abc import Iterator

from canaries.core.text import visible
from listener.health import ledger_watch
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, note, well

_SHOWN = 3


class IntegrityCheck(Check):
    name = "integrity"
    order = 15

    def look(self, view: View) -> Iterator[PartState]:
        with view.store().read() as connection:
            at, problems = ledger_watch.last(connection)
        if not at:
            yield note(self.name, "the ledger has not been checked yet", "by hand: trapline ledger verify")
        elif not problems:
            yield well(self.name, f"the whole ledger was checked at {at}")
        for problem in problems[:_SHOWN]:
            yield failing(self.name, visible(problem, limit=300), "see: trapline ledger verify")
