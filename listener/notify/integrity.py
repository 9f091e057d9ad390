"""Event ``integrity``: something that protects the evidence was changed, has stopped, or found a contradiction.

It goes out over every channel, whatever its severities and quiet hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from canaries.core.text import clip, visible
from canaries.ledger.entries import new_id
from listener.notify.channels import Alert
from listener.notify.outbox import enqueue

if TYPE_CHECKING:
    from canaries.installation.home import Home

_LINES = 12


def warning(home: Home, now: str, lines: Sequence[str]) -> Alert:
    """The message; further lines are counted."""
    shown = [visible(clip(line, 300)) for line in lines[:_LINES]]
    if len(lines) > _LINES:
        shown.append(f"and {len(lines) - _LINES} more")
    return Alert(
        id=new_id(),
        event="integrity",
        at=now,
        organisation=home.settings.operator.organisation,
        zone=home.settings.operator.timezone,
        note="\n".join(shown),
        link="trapline status, then trapline ledger verify",
    )


def tell(connection: Connection, home: Home, now: str, lines: Sequence[str]) -> None:
    """Put it into the outbox, in the caller's transaction."""
    enqueue(connection, home, [warning(home, now, lines)], now)
