"""The outbox: alerts on their way, one row a channel, in the database until the channel has taken them.

A row is leased before it is sent and settled afterwards, each in a transaction of its own; nothing is sent inside one.
A courier that dies leaves a lease that runs out. `attempts` fences: whoever was overtaken settles nothing.
Alerts lie sealed under the ``alerts`` key and are erased once delivered or given up. What is put in while no channel is
configured waits under the empty name and is handed out when there is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, and_, delete, func, select, update

from canaries.core.clock import parse_rfc3339, rfc3339
from canaries.core.store import outbox
from canaries.crypto.sealed_box import BoxError, Locker
from canaries.ledger.entries import new_id
from listener.notify.channels import Alert

if TYPE_CHECKING:
    from canaries.installation.home import Home

LEASE_SECONDS = 120
"""Longer than any channel's whole exchange should take; whoever takes longer may be overtaken, and told twice."""

UNADDRESSED = ""
"""Channel of what nobody takes yet."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A leased row."""

    id: str
    channel: str
    created_at: str
    """RFC 3339."""
    attempt: int
    """Counts from 1; this one included."""
    alert: Alert | None
    """None: the box does not open (the key was replaced)."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How one channel stands."""

    channel: str
    waiting: int
    delivered: int
    failed: int
    oldest_waiting: str
    """RFC 3339, or empty."""
    last_delivered: str
    """RFC 3339, or empty."""
    problem: str
    """Why the last attempt that failed did, where something waits or was given up; or empty."""


def later(moment: str, seconds: float) -> str:
    """``moment`` plus ``seconds``, RFC 3339 both."""
    return rfc3339(parse_rfc3339(moment) + timedelta(seconds=seconds))


def enqueue(connection: Connection, home: Home, alerts: Sequence[Alert], now: str) -> None:
    """Put ``alerts`` in the outbox, once for each configured channel, in the caller's transaction."""
    if not alerts:
        return
    locker = Locker(home.keys.alerts)
    rows = []
    for alert in alerts:
        content = msgspec.json.encode(alert)
        for channel in home.settings.channels or (UNADDRESSED,):
            row_id = new_id()
            sealed = locker.seal(content, row_id.encode())
            rows.append((row_id, channel, "waiting", now, now, 0, "", "", "", sealed))
    home.store.bulk(connection, outbox, rows)


def hand_out(connection: Connection, home: Home, now: str) -> int:
    """Give what waits for nobody to the channels that are configured by now; how many alerts came back."""
    locker = Locker(home.keys.alerts)
    table = outbox.c
    mine = (
        select(table.id, table.sealed)
        .where(table.channel == UNADDRESSED, table.state == "waiting")
        .limit(500)
    )
    found = connection.execute(mine.with_for_update(skip_locked=True)).all()
    alerts = [alert for row in found if (alert := _opened(locker, row.id, row.sealed)) is not None]
    connection.execute(delete(outbox).where(table.id.in_([row.id for row in found])))
    enqueue(connection, home, alerts, now)
    return len(alerts)


def ready(connection: Connection, channel: str, now: str) -> bool:
    """Whether something is due for ``channel``: a look that takes no lock."""
    return connection.execute(select(outbox.c.id).where(_due(channel, now)).limit(1)).first() is not None


def lease(connection: Connection, home: Home, channel: str, now: str, limit: int = 10) -> list[Parcel]:
    """Take due rows for `LEASE_SECONDS`, oldest first; what another courier holds is passed over."""
    table = outbox.c
    query = (
        select(table.id, table.created_at, table.attempts, table.sealed)
        .where(_due(channel, now))
        .order_by(table.due_at, table.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = connection.execute(query).all()
    if not found:
        return []
    taken = update(outbox).where(table.id.in_([row.id for row in found]))
    connection.execute(taken.values(leased_until=later(now, LEASE_SECONDS), attempts=table.attempts + 1))
    locker = Locker(home.keys.alerts)
    return [
        Parcel(row.id, channel, row.created_at, row.attempts + 1, _opened(locker, row.id, row.sealed))
        for row in found
    ]


def settle(connection: Connection, parcel: Parcel, state: str, now: str, problem: str = "") -> bool:
    """Mark as ``delivered`` or ``failed`` and erase the content. False: another courier has taken over."""
    return _mine(connection, parcel, state=state, done_at=now, leased_until="", problem=problem, sealed=None)


def postpone(connection: Connection, parcel: Parcel, due_at: str, problem: str) -> bool:
    """Give back, to be tried again at ``due_at``. False: another courier has taken over."""
    return _mine(connection, parcel, due_at=due_at, leased_until="", problem=problem)


def orphans(connection: Connection, channels: Sequence[str], before: str) -> list[str]:
    """Channels that the settings know no longer and that have rows from before this moment."""
    table = outbox.c
    query = select(table.channel).distinct().where(table.state == "waiting", table.created_at < before)
    return list(connection.scalars(query.where(table.channel.not_in(channels))))


def tallies(connection: Connection, channels: Sequence[str]) -> list[Tally]:
    """How each channel stands: the configured ones first, then those that only the outbox knows."""
    table = outbox.c
    counts: dict[str, dict[str, Any]] = {name: {} for name in channels}
    query = select(
        table.channel, table.state, func.count(), func.min(table.created_at), func.max(table.done_at)
    ).group_by(table.channel, table.state)
    for channel, state, count, oldest, done in connection.execute(query):
        counts.setdefault(channel, {})[state] = (count, oldest, done)
    return [_tally(connection, name, states) for name, states in counts.items()]


def _tally(connection: Connection, channel: str, states: dict[str, Any]) -> Tally:
    table = outbox.c
    nothing = (0, "", "")
    problem = connection.scalar(
        select(table.problem)
        .where(table.channel == channel, table.problem != "", table.state != "delivered")
        .order_by(table.created_at.desc())
        .limit(1)
    )
    waiting, delivered, failed = (states.get(state, nothing) for state in ("waiting", "delivered", "failed"))
    return Tally(channel, waiting[0], delivered[0], failed[0], waiting[1], delivered[2], problem or "")


def _due(channel: str, now: str) -> Any:
    table = outbox.c
    return and_(
        table.channel == channel, table.state == "waiting", table.due_at <= now, table.leased_until <= now
    )


def _mine(connection: Connection, parcel: Parcel, **values: Any) -> bool:
    table = outbox.c
    fenced = update(outbox).where(
        table.id == parcel.id, table.state == "waiting", table.attempts == parcel.attempt
    )
    return connection.execute(fenced.values(**values)).rowcount == 1


def _opened(locker: Locker, row_id: str, sealed: bytes | None) -> Alert | None:
    if sealed is None:
        return None
    try:
        return msgspec.json.decode(locker.open(sealed, row_id.encode()), type=Alert)
    except (BoxError, msgspec.DecodeError):
        return None
