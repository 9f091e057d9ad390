"""Telling of what fails without the outbox: where the database is away, or no listener runs to deliver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canaries.core.errors import TraplineError
from canaries.ledger.entries import new_id
from listener.notify.channels import Alert, DeliveryError
from listener.notify.configured import channel

if TYPE_CHECKING:
    from canaries.installation.home import Home


def tell(home: Home, text: str) -> tuple[str, ...]:
    """Send ``text`` through every channel that works; the names of those that took it.

    Each is set up by itself: one with wrong settings keeps no other silent. Raises SettingsError where the settings
    cannot be read at all.
    """
    operator = home.settings.operator
    alert = Alert(
        id=new_id(),
        event="unwell",
        at=home.now(),
        organisation=operator.organisation,
        zone=operator.timezone,
        note=text,
    )
    took = []
    for name, section in home.settings.channels.items():
        try:
            channel(name, dict(section)).send(alert)
        except (TraplineError, DeliveryError):
            continue
        took.append(name)
    return tuple(took)
