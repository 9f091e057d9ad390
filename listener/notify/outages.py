"""Channels that cannot deliver: said on the others, once, and again when they work.

A refusal that only an operator can mend (password, address, rights) pauses the channel: one alert is tried now and
then, so that a wrong password is not tried a thousand times an hour; all others go as soon as one has gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, select, update

from canaries.core.clock import parse_rfc3339
from canaries.core.store import outage, upsert
from canaries.ledger.entries import new_id
from listener.notify import outbox
from listener.notify.channels import Alert

if TYPE_CHECKING:
    from canaries.installation.home import Home

PATIENCE_SECONDS = 900
"""A receiver that is only away (no answer, HTTP 5xx) is not spoken of before it has been away this long."""


def paused(connection: Connection, channel: str, now: str) -> bool:
    """Whether nothing is to be tried yet."""
    resume = connection.scalar(select(outage.c.resume_at).where(outage.c.channel == channel))
    return bool(resume) and str(resume) > now


def failed(
    connection: Connection, home: Home, channel: str, since: str, now: str, reason: str, resume_at: str
) -> bool:
    """Note that a delivery failed; True where the other channels were told of it now.

    ``since``: when the alert was put into the outbox. ``resume_at``: nothing is tried before; empty: no pause.
    """
    row = connection.execute(select(outage).where(outage.c.channel == channel)).first()
    if row is not None:
        change = update(outage).where(outage.c.channel == channel)
        connection.execute(change.values(resume_at=resume_at, problem=reason))
        return False
    if not resume_at and (parse_rfc3339(now) - parse_rfc3339(since)).total_seconds() < PATIENCE_SECONDS:
        return False
    values = {"since": now, "resume_at": resume_at, "problem": reason}
    upsert(connection, outage, {"channel": channel, **values}, values)
    _tell(connection, home, channel, now, "channel-down", f"Channel: {channel}\nProblem: {reason}")
    return True


def worked(connection: Connection, home: Home, channel: str, now: str) -> bool:
    """Note that a delivery succeeded; True where that ended an outage."""
    row = connection.execute(select(outage.c.since).where(outage.c.channel == channel)).first()
    if row is None:
        return False
    connection.execute(delete(outage).where(outage.c.channel == channel))
    _tell(connection, home, channel, now, "channel-up", f"Channel: {channel}\nDown since: {row.since}")
    return True


def resume(connection: Connection, channels: list[str]) -> None:
    """End the pauses: an operator has mended something, or the clock was wrong."""
    connection.execute(update(outage).where(outage.c.channel.in_(channels)).values(resume_at=""))


def known(connection: Connection) -> dict[str, str]:
    """Channel to since when it delivers nothing, RFC 3339."""
    return {row.channel: row.since for row in connection.execute(select(outage))}


def _tell(connection: Connection, home: Home, channel: str, now: str, event: str, note: str) -> None:
    if len(home.settings.channels) < 2:
        return
    alert = Alert(
        id=new_id(),
        event=event,
        at=now,
        organisation=home.settings.operator.organisation,
        zone=home.settings.operator.timezone,
        note=note,
        link="trapline alerts status, then trapline alerts retry" if event == "channel-down" else "",
    )
    outbox.enqueue(connection, home, [alert], now, but=channel)
