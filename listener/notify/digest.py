"""What is told of an incident, and when. No count is ever dropped.

* The unit is the incident: its first sign is told at once, whatever the number of canaries and sources in it.
* Something weightier breaks through at once, once for each step up: a higher severity, a credential where only a link
  was followed before, a second network, another sort of deed inside (an export, then a sign-in).
* All else is counted and told when a window has passed: a minute after the first sign, then at the growing distances of
  ``alerts.digest_minutes``. After a quiet time as long as the longest window they start small again.
* An acknowledged or snoozed incident tells only what breaks through. Hits that a rule marks as the operator's own are
  counted and not told; those of a test are told at once, as a test.

State is one `notice` row an incident. What it holds of a source is sealed under the ``alerts`` key.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select, text

from canaries.core.store import digest as legacy
from canaries.core.store import incident, notice
from listener.notify.notices import BATCH, NoticeScheduler
from listener.notify.outbox import later
from listener.notify.payload import Noted

if TYPE_CHECKING:
    from canaries.installation.home import Home

__all__ = ["Noted", "catch_up", "due", "held_back", "note", "waiting"]

_RECENT_DAYS = 8
"""How far back `catch_up` looks for hits that were never noted."""


def note(connection: Connection, home: Home, items: Sequence[Noted], now: str) -> None:
    """Take in the hits of one batch, in the caller's transaction; what must be told at once goes into the outbox.

    Call it last in the transaction: on PostgreSQL it holds a lock on the notices until the end.
    """
    if items:
        _alone(connection)
        scheduler = NoticeScheduler(connection, home, now)
        scheduler.add_hits(items)
        scheduler.enqueue()


def waiting(connection: Connection, now: str) -> bool:
    """Whether something is due to be told: a look that takes no lock."""
    found = connection.execute(select(notice.c.incident_id).where(_due(now)).limit(1)).first()
    return found is not None or connection.execute(select(legacy.c.key).limit(1)).first() is not None


def due(connection: Connection, home: Home, now: str) -> int:
    """Tell what grew and whose window has passed, at most `BATCH`; how many there were."""
    _alone(connection)
    scheduler = NoticeScheduler(connection, home, now)
    rows = connection.execute(select(notice).where(_due(now)).order_by(notice.c.due_at).limit(BATCH)).all()
    for row in rows:
        scheduler.tell_growth(scheduler.notice_of(row))
    left = scheduler.tell_legacy()
    scheduler.enqueue()
    return len(rows) + left


def catch_up(connection: Connection, home: Home, now: str) -> int:
    """Tell of hits that were recorded and never noted, because something failed in between; how many incidents."""
    _alone(connection)
    seen = func.coalesce(notice.c.seen, 0)
    query = (
        select(incident.c.id, incident.c.hits)
        .outerjoin(notice, notice.c.incident_id == incident.c.id)
        .where(incident.c.last_at > later(now, -_RECENT_DAYS * 86_400), incident.c.hits > seen)
        .limit(BATCH)
    )
    rows = connection.execute(query).all()
    scheduler = NoticeScheduler(connection, home, now)
    for row in rows:
        scheduler.tell_missed(row.id, row.hits)
    scheduler.enqueue()
    return len(rows)


def held_back(connection: Connection) -> tuple[int, int, str] | None:
    """(hits, incidents, when the next of them are told) that no message has spoken of yet; None: there are none."""
    pending = notice.c.seen - notice.c.own - notice.c.told
    query = select(func.sum(pending), func.count(), func.min(notice.c.due_at)).where(notice.c.due_at != "")
    row = connection.execute(query).one()
    return (int(row[0] or 0), int(row[1]), str(row[2])) if row[1] else None


def _due(now: str) -> Any:
    return (notice.c.due_at != "") & (notice.c.due_at <= now)


def _alone(connection: Connection) -> None:
    """Lock out other schedulers: two batches must not both find an incident new. SQLite's write lock does it alone."""
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(b"digest".ljust(8), "big")
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": number})
