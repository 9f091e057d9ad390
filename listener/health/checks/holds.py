"""Legal holds: whether a review is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from canaries.core.text import counted
from canaries.operators import holds
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, note, well

_SOON = timedelta(days=14)


class HoldsCheck(Check):
    name = "holds"
    order = 66

    def look(self, view: View) -> Iterator[PartState]:
        with view.store().read() as connection:
            every = holds.standing(connection)
        if not every:
            return
        first = min(every, key=lambda one: one.review)
        due, today = date.fromisoformat(first.review), view.now.date()
        hint = f"trapline hold review {first.id} --until DATE, or: trapline hold release {first.id}"
        says = f"the review of the hold on {first.noun} {first.name} is due {first.review}"
        if due <= today:
            yield failing(self.name, says.replace(" is due ", " was due "), hint)
        elif due - today <= _SOON:
            yield note(self.name, says, hint)
        else:
            yield well(self.name, f"{counted(len(every), 'hold')}, the next review is due {first.review}")
