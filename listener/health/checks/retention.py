"""Retention: whether raw bytes that have had their time are still here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from canaries.core.text import counted
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, note, well
from listener.ingest import retention

_LATE = timedelta(days=2)
"""The listener applies it once a day."""


class RetentionCheck(Check):
    name = "retention"
    order = 65

    def look(self, view: View) -> Iterator[PartState]:
        settings = view.home.settings.retention
        if not settings.raw_days and not settings.kinds:
            return
        view.store()
        if not retention.operators_sign(view.home):
            overdue = retention.due(view.home, _LATE)
            if overdue:
                says = f"{_amount(overdue)} should have gone two days ago"
                yield failing(
                    self.name, says, "trapline retention removes them; trapline listen does so each day"
                )
            else:
                yield well(self.name, "nothing is overdue")
            return
        due = retention.due(view.home)  # what was proposed is among it: only the vault's key opens a proposal
        if due:
            says = f"{_amount(due)} have had their time, and operators have to sign that they go"
            yield note(self.name, says, "trapline retention; trapline operator proposals")
        else:
            yield well(self.name, "nothing is due")


def _amount(found: list[retention.Due]) -> str:
    return f"the raw bytes of {counted(sum(len(one.hits) for one in found), 'hit')}"
