"""Escalation: a channel that is told of an incident only where nobody has answered it for some minutes.

Answered is what was acknowledged, snoozed or closed, in console, API or at the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from canaries.core.store import incident, notice
from listener.notify import routing

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from listener.notify.channels import Alert


def superfluous(connection: Connection, home: Home, channel: str, alert: Alert, now: str) -> bool:
    """Whether ``channel`` waits for escalation, and somebody has answered the alert's incident meanwhile."""
    section = home.settings.channels.get(channel)
    if section is None or not routing.concerns_incident(alert):
        return False
    route, _ = routing.split(channel, section)
    if not route.escalate_minutes:
        return False
    state = connection.scalar(select(incident.c.state).where(incident.c.id == alert.incident))
    held = connection.scalar(select(notice.c.held_until).where(notice.c.incident_id == alert.incident))
    return state == "closed" or (held or "") > now
