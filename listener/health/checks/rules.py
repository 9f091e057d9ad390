"""Marking rules: whether somebody has looked at each of them within the last month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from canaries.core.clock import rfc3339
from canaries.core.text import counted
from listener.health.checks import Check, View
from listener.health.state import PartState, note, well
from listener.notify import rules

MONTH = timedelta(days=31)


class RulesCheck(Check):
    name = "rules"
    order = 67

    def look(self, view: View) -> Iterator[PartState]:
        with view.store().read() as connection:
            known = rules.load(connection, view.home, rfc3339(view.now))
        due = [one for one in known if one.looked_at <= rfc3339(view.now - MONTH)]
        if due:
            verb = "was" if len(due) == 1 else "were"
            yield note(
                self.name,
                f"{counted(len(due), 'rule')} that {'keeps' if len(due) == 1 else 'keep'} hits quiet"
                f" {verb} not reviewed for a month, first {due[0].id}",
                "trapline rules review RULE --for 90d --reason WHY, or: trapline rules remove RULE",
            )
        elif known:
            yield well(
                self.name, f"{counted(len(known), 'rule')} that keep hits quiet, each reviewed this month"
            )
