"""The machine's clock: disciplined, and not behind what was already recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from canaries.core import clock, store
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, note, well

_STEP = timedelta(minutes=2)


class ClockCheck(Check):
    name = "clock"
    order = 31

    def look(self, view: View) -> Iterator[PartState]:
        quality = clock.quality()
        with view.store().read() as connection:
            newest = connection.execute(select(func.max(store.entry.c.id))).scalar_one()
        if newest is not None:
            # the id is a UUIDv7: its first 48 bits are milliseconds (RFC 9562, 5.7)
            at = clock.from_micros(int(newest[:12], 16) * 1000)
            if at > view.now + _STEP:
                yield failing(
                    self.name,
                    f"it is behind what was recorded at {clock.rfc3339(at)}: it was set back, or was wrong then",
                    "check the machine's time service; entries say what the clock said",
                )
                return
        if quality.source == "ntp":
            yield well(self.name, "synchronised")
        else:
            yield note(
                self.name,
                "the kernel does not call it synchronised; every hit says so",
                "run a time service (chrony, systemd-timesyncd): times are evidence",
            )
