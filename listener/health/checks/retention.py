"""Retention: whether raw bytes and look-ups that have had their time are still here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from canaries.core.text import counted
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, note, well
from listener.ingest import retention
from listener.lookups import erasing

_LATE = timedelta(days=2)
"""The listener applies it once a day."""


class RetentionCheck(Check):
    name = "retention"
    order = 65

    def look(self, view: View) -> Iterator[PartState]:
        settings = view.home.settings.retention
        if not settings.raw_days and not settings.kinds and not settings.lookups_days:
            return
        view.store()
        if not retention.operators_sign(view.home):
            overdue = _amount(view, _LATE)
            if overdue:
                says = f"{overdue} should have gone two days ago"
                yield failing(
                    self.name, says, "trapline retention removes them; trapline listen does so each day"
                )
            else:
                yield well(self.name, "nothing is overdue")
            return
        due = _amount(view)  # what was proposed is among it: only the vault's key opens a proposal
        if due:
            says = f"{due} have had their time, and operators have to sign that they go"
            yield note(self.name, says, "trapline retention; trapline operator proposals")
        else:
            yield well(self.name, "nothing is due")


def _amount(view: View, late: timedelta = timedelta(0)) -> str:
    """What has had its time, or had it ``late`` ago; empty: nothing."""
    hits = sum(len(one.hits) for one in retention.due(view.home, late))
    looked = erasing.count(erasing.due(view.home, late))
    raw = f"the raw bytes of {counted(hits, 'hit')}" if hits else ""
    return " and ".join(
        filter(None, (raw, f"the contents of {counted(looked, 'look-up')}" if looked else ""))
    )
