"""The clock was set back: nothing that was due by the wrong time may wait for it to come again.

Dues are moments on the wall clock, because they must outlive restarts. Each machine's courier writes down the time it
saw last; where the clock is now behind that, it was set back (while the courier ran, or while it did not), and whatever
lies ahead of now is made due. A step forward only makes things due early.
"""

from __future__ import annotations

import hashlib
import platform

from sqlalchemy import Connection, select, update

from canaries.core.clock import parse_rfc3339
from canaries.core.store import digest, meta, notice, outage, outbox, upsert

STEP_SECONDS = 60
"""Smaller steps back heal by themselves."""
NOTE_SECONDS = 30
"""How often the time is written down."""


def row_name(node: str = "") -> str:
    """This machine's row of `store.meta`."""
    return "clock:" + hashlib.sha256((node or platform.node()).encode()).hexdigest()[:16]


def due(connection: Connection, now: str, name: str) -> bool:
    """Whether `heal` has something to do: a look that takes no lock."""
    seen = _seen(connection, name)
    return not seen or abs((parse_rfc3339(now) - parse_rfc3339(seen)).total_seconds()) >= NOTE_SECONDS


def heal(connection: Connection, now: str, name: str) -> bool:
    """Write down the time; where the clock was set back, bring forward what waits. True: it was."""
    seen = _seen(connection, name)
    upsert(connection, meta, {"name": name, "value": now}, {"value": now})
    if not seen or (parse_rfc3339(seen) - parse_rfc3339(now)).total_seconds() < STEP_SECONDS:
        return False
    for table in (outbox, digest, notice):
        connection.execute(update(table).where(table.c.due_at > now).values(due_at=now))
    # the next window of an incident is counted from when it was told last
    connection.execute(update(notice).where(notice.c.told_at > now).values(told_at=now))
    connection.execute(update(outbox).where(outbox.c.leased_until > now).values(leased_until=""))
    connection.execute(update(outage).where(outage.c.resume_at > now).values(resume_at=now))
    return True


def _seen(connection: Connection, name: str) -> str:
    return connection.scalar(select(meta.c.value).where(meta.c.name == name)) or ""
