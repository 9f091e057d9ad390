"""The dead man's switch: "number N, well", or what is not, at fixed distances. Whoever misses one looks.

The last number and its time are the `meta` row ``heartbeat`` (``12 2026-…Z``). The first one is due one interval after
the installation's courier first ran.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, select, update

from canaries.core.store import meta
from canaries.ledger.entries import new_id
from listener.notify.channels import Alert
from listener.notify.outbox import enqueue, later

if TYPE_CHECKING:
    from canaries.installation.home import Home

_ROW = "heartbeat"
_STEP_SECONDS = 60.0
"""A last heartbeat this far in the future was told by a clock that has been set back since: the next one is due."""


def waiting(connection: Connection, home: Home, now: str) -> bool:
    """Whether there is something to do for `beat`."""
    hours = home.settings.alerts.heartbeat_hours
    _, _, last = _read(connection)
    return hours > 0 and (not last or later(last, hours * 3600) <= now or later(now, _STEP_SECONDS) < last)


def last(connection: Connection) -> tuple[int, str]:
    """Number and time of the last one; no time before the first run."""
    _, sequence, at = _read(connection)
    return sequence, at


def beat(connection: Connection, home: Home, now: str, by: str, problems: tuple[str, ...] = ()) -> None:
    """Send the next heartbeat, if it is due and no other courier was quicker. ``problems``: what is failing."""
    value, sequence, last = _read(connection)
    if not waiting(connection, home, now):
        return
    sequence += 1 if last else 0
    change = update(meta).where(meta.c.name == _ROW, meta.c.value == value).values(value=f"{sequence} {now}")
    if connection.execute(change).rowcount != 1 or not last:
        return
    organisation = home.settings.operator.organisation
    alert = Alert(
        id=new_id(),
        event="heartbeat",
        at=now,
        organisation=organisation,
        sequence=sequence,
        note="\n".join(problems),
    )
    enqueue(connection, home, [alert], now)
    home.writer.record(
        connection, "heartbeat", now, by, {"sequence": sequence, "alert": alert.id, "failing": list(problems)}
    )


def _read(connection: Connection) -> tuple[str, int, str]:
    """(stored value, number, time): no time before the first run."""
    value: str = connection.scalar(select(meta.c.value).where(meta.c.name == _ROW)) or "0"
    sequence, _, last = value.partition(" ")
    return value, int(sequence), last
