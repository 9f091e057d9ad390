"""The outbox: alerts on their way, one row a channel, in the database until the channel has taken them.

A row is leased before it is sent and settled afterwards, each in a transaction of its own; nothing is sent inside one.
A courier that dies leaves a lease that runs out. `attempts` fences: a courier that was overtaken settles nothing.
Alerts are sealed under the ``alerts`` key and are erased once delivered, or when an operator gives them up: what was
tried for long is ``held``, with its content. What is put in while no channel is configured waits under the empty name
and is handed out when there is one. What a channel must not send now is folded (`listener.notify.routing`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, update

from canaries.core.clock import parse_rfc3339, rfc3339
from canaries.core.store import outbox
from listener.notify import duty, folding, routing
from listener.notify.channels import Alert
from listener.notify.row_codec import Progress, RowCodec
from listener.notify.witnesses import witnessed

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from listener.notify.duty import Rota
    from listener.notify.routing import Route

LEASE_SECONDS = 120
"""Longer than any channel's whole exchange should take; a slower courier may be overtaken: the alert is sent twice."""

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
    progress: Progress = Progress()  # noqa: RUF009  frozen


@dataclass(frozen=True, slots=True)
class Tally:
    """How one channel stands."""

    channel: str
    waiting: int
    delivered: int
    failed: int
    """Given up by an operator."""
    oldest_waiting: str
    """RFC 3339, or empty."""
    last_delivered: str
    """RFC 3339, or empty."""
    problem: str
    """Why the last attempt that failed did, where something waits or was given up; or empty."""
    held: int = 0
    """Tried for a week: wait for ``alerts retry`` or ``alerts give-up``."""


def later(moment: str, seconds: float) -> str:
    """``moment`` plus ``seconds``, RFC 3339 both."""
    return rfc3339(parse_rfc3339(moment) + timedelta(seconds=seconds))


def enqueue(connection: Connection, home: Home, alerts: Sequence[Alert], now: str, *, but: str = "") -> None:
    """Put ``alerts`` in the outbox, once for each channel that takes them, in the caller's transaction.

    ``but``: a channel that is left out. Raises SettingsError.
    """
    if not alerts:
        return
    alerts = witnessed(connection, alerts, now)
    codec = RowCodec(home.keys.alerts)
    rows: list[tuple[Any, ...]] = []
    if not home.settings.channels:
        rows += [codec.row(UNADDRESSED, alert, now, now) for alert in alerts]
    zone, table = home.settings.operator.timezone, duty.rota(home.settings)
    routes = {name: routing.split(name, section)[0] for name, section in home.settings.channels.items()}
    told = [_told(routes, table, alert, now) for alert in alerts]
    for channel, route in routes.items():
        if channel == but:
            continue
        sent = _sent_lately(connection, channel, now)
        for alert in (one for one, names in zip(alerts, told, strict=True) if channel in names):
            if route.escalate_minutes and routing.concerns_incident(alert):
                then = later(now, 60 * route.escalate_minutes)
                rows.append(
                    codec.row(channel, alert, then, then)
                )  # it waits for an answer, not for the channel
                continue
            due_at = route.due_at(alert, sent, now, zone)
            if due_at > now:
                folding.fold(connection, home, channel, alert, due_at, now)
                continue
            sent += routing.concerns_incident(alert)
            rows.append(codec.row(channel, alert, now, now))
    home.store.bulk(connection, outbox, rows)


def _told(routes: Mapping[str, Route], table: Rota, alert: Alert, now: str) -> set[str]:
    """Channels that are told of it: those that take it, whose people are on duty when it goes out."""
    takers = {name: route for name, route in routes.items() if route.takes(alert)}
    if not routing.concerns_incident(alert):
        return set(takers)
    names: set[str] = set()
    for minutes in {route.escalate_minutes for route in takers.values()}:
        those = {name: route for name, route in takers.items() if route.escalate_minutes == minutes}
        names |= table.addressed(those, later(now, 60 * minutes))
    return names


def hand_out(connection: Connection, home: Home, now: str) -> int:
    """Give what waits for nobody to the channels that are configured by now; how many alerts came back."""
    codec = RowCodec(home.keys.alerts)
    table = outbox.c
    mine = (
        select(table.id, table.sealed)
        .where(table.channel == UNADDRESSED, table.state == "waiting")
        .limit(500)
    )
    found = connection.execute(mine.with_for_update(skip_locked=True)).all()
    alerts = [alert for row in found if (alert := codec.open(row.id, row.sealed)) is not None]
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
        select(table.id, table.created_at, table.attempts, table.sealed, table.progress)
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
    codec = RowCodec(home.keys.alerts)
    return [
        Parcel(
            row.id,
            channel,
            row.created_at,
            row.attempts + 1,
            codec.open(row.id, row.sealed),
            codec.open_progress(row.id, row.progress),
        )
        for row in found
    ]


def settle(connection: Connection, parcel: Parcel, now: str) -> bool:
    """Mark as ``delivered`` and erase the content. False: another courier has taken over."""
    values = {"state": "delivered", "done_at": now, "leased_until": "", "problem": ""}
    return _mine(connection, parcel, **values, sealed=None, progress=None)


def drop(connection: Connection, parcel: Parcel) -> None:
    """Take it out, unsent: somebody has answered meanwhile."""
    connection.execute(delete(outbox).where(*_as_taken(parcel)))


def hold(connection: Connection, parcel: Parcel, problem: str) -> bool:
    """Try no more until an operator says so; the content stays. False: another courier has taken over."""
    return _mine(connection, parcel, state="held", leased_until="", problem=problem)


def postpone(connection: Connection, parcel: Parcel, due_at: str, problem: str) -> bool:
    """Give back, to be tried again at ``due_at``. False: another courier has taken over."""
    return _mine(connection, parcel, due_at=due_at, leased_until="", problem=problem)


def remember(connection: Connection, home: Home, parcel: Parcel, progress: Progress) -> None:
    """Keep how far an attempt came."""
    sealed = RowCodec(home.keys.alerts).seal_progress(parcel.id, progress)
    _mine(connection, parcel, progress=sealed)


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
    waiting, delivered, failed, held = (
        states.get(state, nothing) for state in ("waiting", "delivered", "failed", "held")
    )
    oldest = min(filter(None, (waiting[1], held[1])), default="")
    return Tally(
        channel, waiting[0], delivered[0], failed[0], oldest, delivered[2], problem or "", held=held[0]
    )


def _sent_lately(connection: Connection, channel: str, now: str) -> int:
    """Messages of the last hour that were not folded ones."""
    table = outbox.c
    query = select(func.count()).where(
        table.channel == channel, table.created_at > later(now, -3600), table.folded == 0
    )
    return connection.scalar(query) or 0


def _due(channel: str, now: str) -> Any:
    table = outbox.c
    return and_(
        table.channel == channel, table.state == "waiting", table.due_at <= now, table.leased_until <= now
    )


def _mine(connection: Connection, parcel: Parcel, **values: Any) -> bool:
    fenced = update(outbox).where(*_as_taken(parcel))
    return connection.execute(fenced.values(**values)).rowcount == 1


def _as_taken(parcel: Parcel) -> tuple[ColumnElement[bool], ...]:
    """That nobody has taken it since."""
    table = outbox.c
    return table.id == parcel.id, table.state == "waiting", table.attempts == parcel.attempt
