"""Looks at the health of an installation again and again, for the heartbeat, and tells the channels."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from canaries.core import clock, store
from canaries.core.errors import TraplineError
from canaries.installation.home import Home
from canaries.ledger.entries import new_id
from listener.health import direct_telling
from listener.health.examination import examine
from listener.health.state import Level
from listener.notify import integrity, outages, outbox
from listener.notify.channels import Alert

if TYPE_CHECKING:
    from listener.health.state import HealthReport

SECONDS = 30.0
_STALE_SECONDS = 300.0
_GUARDS = frozenset(("ledger", "sealer", "clock"))
"""Parts that protect the evidence: that one of them fails is event ``integrity``. What the scheduled check of the
ledger finds, `listener.health.ledger_watch` tells itself."""
_ROW = "health"
"""The `meta` row that holds the failing parts that the channels were told of, as JSON."""


class HealthWatch:
    """Examines in a thread of its own, so that nobody waits for a slow part."""

    def __init__(
        self, home: Home, examine_: Callable[[Home], HealthReport] = examine, seconds: float = SECONDS
    ) -> None:
        self._home, self._examine, self._seconds = home, examine_, seconds
        self._report: HealthReport | None = None
        self._at = 0.0
        self._direct: set[str] = set()
        """Parts that were told of without the outbox, because it could not be written."""

    def run(self, stop: threading.Event) -> None:
        """Examine until ``stop``."""
        stop.wait(min(self._seconds, 5.0))  # whoever has just started is not well yet
        while not stop.is_set():
            self.look()
            stop.wait(self._seconds)

    def look(self) -> None:
        """Examine once. What is failing for the second time in a row, and was not told of, is told."""
        before = {part.part for part in self._report.failing} if self._report else set()
        with Home(self._home.path, self._home.clock) as fresh:  # as it is now, not as it was at the start
            self._report, self._at = self._examine(fresh), clock.monotonic()
        try:
            self._tell(self._report, before)
        except (TraplineError, SQLAlchemyError):  # the outbox needs the database and a key
            self._tell_directly(self._report, before)
        else:
            self._direct.clear()

    def problems(self) -> tuple[str, ...]:
        """What is failing, a sentence each; that nothing was examined for long is one."""
        if self._report is None:
            return ()
        if clock.monotonic() - self._at > _STALE_SECONDS:
            return ("health: not examined for more than five minutes",)
        return tuple(f"{part.part}: {part.says}" for part in self._report.failing)

    def parts(self) -> dict[str, bool]:
        """Each part that was looked at, and whether it is failing."""
        found: dict[str, bool] = {}
        for part in self._report.parts if self._report else ():
            found[part.part] = found.get(part.part, False) or part.level is Level.FAILING
        return found

    def _tell(self, report: HealthReport, before: set[str]) -> None:
        home, now = self._home, self._home.now()
        failing = {part.part for part in report.failing}
        with home.store.read() as connection:
            stored = connection.scalar(select(store.meta.c.value).where(store.meta.c.name == _ROW))
            # the courier tells the other channels of these itself, at once
            failing -= {f"channel {name}" for name in outages.known(connection)} | {"integrity"}
        told = set(json.loads(stored)) if stored else set()
        fresh = (failing & before) - told
        gone = told - failing
        if not fresh and not gone:
            return
        alerts = []
        guards = {part for part in fresh if part in _GUARDS}
        if guards:
            alerts.append(integrity.warning(home, now, _sentences(report, guards)))
        if fresh - guards:
            alerts.append(self._alert("unwell", now, "\n".join(_sentences(report, fresh - guards))))
        if not fresh and not failing:
            alerts.append(self._alert("well-again", now, "\n".join(sorted(gone))))
        row = {"name": _ROW, "value": json.dumps(sorted((told | fresh) - gone))}
        with home.store.write() as connection:
            store.upsert(connection, store.meta, row, {"value": row["value"]})
            outbox.enqueue(connection, home, alerts, now)

    def _tell_directly(self, report: HealthReport, before: set[str]) -> None:
        """Once for each part, while the outbox cannot be written."""
        fresh = {part.part for part in report.failing} & before - self._direct
        if fresh:
            lines = [f"{part.part}: {part.says}" for part in report.failing if part.part in fresh]
            direct_telling.tell(self._home, "\n".join(lines))
            self._direct |= fresh

    def _alert(self, event: str, now: str, text: str) -> Alert:
        organisation = self._home.settings.operator.organisation
        return Alert(id=new_id(), event=event, at=now, organisation=organisation, note=text)


def _sentences(report: HealthReport, parts: set[str]) -> list[str]:
    return [f"{part.part}: {part.says}" for part in report.failing if part.part in parts]
