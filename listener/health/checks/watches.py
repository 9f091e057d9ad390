"""Watched records: whether a log is followed in which their look-ups stand, and whose watch has come to its end."""

from __future__ import annotations

from collections.abc import Iterator

from canaries.core.clock import rfc3339
from canaries.core.text import counted
from listener.following.log_settings import followed_logs
from listener.health.checks import Check, View
from listener.health.state import PartState, note, well
from listener.lookups.taking import LOG
from listener.sensors import watches


class WatchesCheck(Check):
    name = "watched records"
    order = 60

    def look(self, view: View) -> Iterator[PartState]:
        now = rfc3339(view.now)
        with view.store().read() as connection:
            states = [one.state(now) for one in watches.every(view.home, connection) if not one.ended_at]
        late, there = states.count("past its end"), states.count("watched")
        if late:
            yield note(
                "watches past their end",
                f"{counted(late, 'watched record is', 'watched records are')} not recorded any more",
                "trapline sensors watched; then watch them anew, or: trapline sensors unwatch",
            )
        if there and not any(log.source.name == LOG for log in followed_logs(view.home.settings.logs)):
            yield note(
                self.name,
                f"{there} are watched, and this listener follows no log of PostgreSQL: it records no look-up",
                f'[logs.NAME] with type = "{LOG}" and path in trapline.toml',
            )
        elif there:
            yield well(self.name, f"{there} are watched")
