"""The front process, its traps and what they refused."""

from __future__ import annotations

from collections.abc import Iterator

from listener.health.checks import Check, View
from listener.health.checks._child import lifesigns
from listener.health.state import UNNEEDED, PartState, failing, note, well


class FrontCheck(Check):
    name = "front"
    order = 2

    def look(self, view: View) -> Iterator[PartState]:
        if view.listener is None:
            return
        child = view.child("front")
        alive = list(lifesigns(self.name, child))
        yield from alive
        report = child.get("report") or {}
        if report.get("journal"):
            yield failing(
                self.name,
                f"visitors get no answer, because {report['journal']} ({report.get('unwritten', 0)} refused)",
                "is the disk full? is the back running?",
            )
        counts = report.get("traps") or {}
        for trap, addresses in sorted((view.listener.get("traps") or {}).items()):
            refused = counts.get(trap) or {}
            if any(refused.values()):
                what = ", ".join(f"{number} {word}" for word, number in sorted(refused.items()) if number)
                yield note(
                    f"trap {trap}",
                    f"since the front began: {what}",
                    f"limits: see [traps.{trap}] connections, connections_per_source",
                )
            elif not alive:
                yield well(f"trap {trap}", f"open on {', '.join(addresses)}")
        for trap, why in sorted((view.listener.get("shut") or {}).items()):
            if why == UNNEEDED:
                yield well(f"trap {trap}", f"shut: {why}; it opens when some is minted")
            else:
                hint = f"free its address, or change [traps.{trap}] bind; it is tried again by itself"
                yield failing(f"trap {trap}", f"bait leads there, and it is shut: {why}", hint)
