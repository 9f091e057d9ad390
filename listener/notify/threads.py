"""What a channel called the first message of an incident, so that later ones go below it. Sealed: it may be a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, insert, select

from canaries.core.store import thread
from canaries.crypto.sealed_box import BoxError, Locker

if TYPE_CHECKING:
    from canaries.installation.home import Home

KEEP_DAYS = 90
_LONGEST = 512


def of(connection: Connection, home: Home, channel: str, incident: str) -> str:
    """The name, or empty."""
    if not incident:
        return ""
    query = select(thread.c.sealed).where(thread.c.channel == channel, thread.c.incident_id == incident)
    sealed = connection.scalar(query)
    try:
        return Locker(home.keys.alerts).open(sealed, _context(channel, incident)).decode() if sealed else ""
    except (BoxError, UnicodeDecodeError):
        return ""


def keep(connection: Connection, home: Home, channel: str, incident: str, name: str, now: str) -> None:
    """Remember the first name; later ones of the same incident are below it already."""
    if not (incident and name) or of(connection, home, channel, incident):
        return
    connection.execute(delete(thread).where(thread.c.channel == channel, thread.c.incident_id == incident))
    sealed = Locker(home.keys.alerts).seal(name[:_LONGEST].encode(), _context(channel, incident))
    connection.execute(insert(thread).values(channel=channel, incident_id=incident, at=now, sealed=sealed))


def forget(connection: Connection, before: str) -> None:
    """Drop what is older than this moment."""
    connection.execute(delete(thread).where(thread.c.at < before))


def _context(channel: str, incident: str) -> bytes:
    return f"{channel}\0{incident}".encode()
