"""Backups: how old the last one is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from canaries.core import store
from canaries.core.clock import parse_rfc3339
from listener.backup.back_up import LAST
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, note, well

_HINT = "trapline backup --help"


class BackupCheck(Check):
    name = "backup"
    order = 60

    def look(self, view: View) -> Iterator[PartState]:
        most = view.home.settings.backup.max_age_days
        with view.store().read() as connection:
            at = connection.execute(
                select(store.meta.c.value).where(store.meta.c.name == LAST)
            ).scalar_one_or_none()
        late = most and (at is None or view.now - parse_rfc3339(at) > timedelta(days=most))
        says = f"the last one was made {at}" if at else "none was ever made"
        if late:
            yield failing(self.name, says, _HINT)
        elif at is None:
            yield note(self.name, says, _HINT)
        else:
            yield well(self.name, says)
