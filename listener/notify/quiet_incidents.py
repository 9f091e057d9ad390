"""Acknowledge or snooze an incident: only something weightier is told of it from then on. An entry says who and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from canaries.core.clock import until
from canaries.core.errors import NotFoundError
from canaries.core.store import notice
from listener.incidents.operator_acts import resolve
from listener.notify.notices import FOREVER

if TYPE_CHECKING:
    from canaries.installation.home import Home


def keep_quiet(home: Home, incident_id: str, snooze: str = "", reason: str = "") -> str:
    """Until ``snooze`` (``12h``, a date); empty: for good. The entry's id comes back. Raises NotFoundError."""
    held_until = until(snooze, home.clock.now()) if snooze else FOREVER
    with home.store.read() as connection:
        found = resolve(connection, incident_id)
    text = f"snoozed until {held_until}" if snooze else "acknowledged"
    text = f"{text}: {reason.strip()}" if reason.strip() else text
    said = home.act("noted", {"incident": found, "text": text, "held_until": held_until})
    with home.store.write() as connection:
        change = update(notice).where(notice.c.incident_id == found)
        if connection.execute(change.values(held_until=held_until)).rowcount == 0:
            raise NotFoundError(
                f"of incident {found} nothing has been told yet", hint="try again in a moment"
            )
        home.writer.put(connection, said)
    return said.id
