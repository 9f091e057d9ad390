"""The heartbeat: on, and not overdue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from canaries.core.clock import parse_rfc3339
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, note, well
from listener.notify import heartbeat


class HeartbeatCheck(Check):
    name = "heartbeat"
    order = 21

    def look(self, view: View) -> Iterator[PartState]:
        hours = view.home.settings.alerts.heartbeat_hours
        if not hours:
            yield note(self.name, "off: a listener that is down is not missed", "set alerts.heartbeat_hours")
            return
        with view.store().read() as connection:
            number, last = heartbeat.last(connection)
        if not last:
            yield note(self.name, f"none yet: the first comes {hours:g} h after the listener first ran")
            return
        overdue = parse_rfc3339(last) + timedelta(hours=hours * 1.25, minutes=2) - view.now
        if overdue < timedelta(0):
            yield failing(
                self.name,
                f"the last one, number {number}, was due again {-overdue.total_seconds() / 3600:.1f} hours ago or more",
                "is the listener running, and a channel configured?",
            )
        else:
            yield well(self.name, f"number {number} at {last}")
