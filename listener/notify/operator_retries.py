"""What an operator says to alerts that do not go out: try again now, or never. Giving up is an entry of theirs."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from canaries.core.errors import NotFoundError, TraplineError
from canaries.core.store import outbox as table
from listener.notify import outages
from listener.notify.row_codec import RowCodec

if TYPE_CHECKING:
    from canaries.installation.home import Home


def retry(home: Home, channel: str = "") -> int:
    """Make everything that waits or is held due now, of one channel or all; how many. Raises NotFoundError."""
    codec, now, done = RowCodec(home.keys.alerts), home.now(), 0
    with home.store.write() as connection:
        names = list(connection.scalars(select(table.c.channel).distinct()))
        if channel and channel not in (*names, *home.settings.channels):
            raise NotFoundError(f"there is no channel called {channel!r}", hint="see: trapline alerts status")
        chosen = [channel] if channel else names
        query = select(table.c.id, table.c.progress).where(
            table.c.channel.in_(chosen), table.c.state.in_(("waiting", "held")), table.c.folded == 0
        )
        for row in connection.execute(query).all():
            progress = dataclasses.replace(codec.open_progress(row.id, row.progress), since=now)
            values = {"state": "waiting", "due_at": now, "progress": codec.seal_progress(row.id, progress)}
            connection.execute(update(table).where(table.c.id == row.id).values(**values))
            done += 1
        held = update(table).where(table.c.channel.in_(chosen), table.c.state == "held", table.c.folded > 0)
        done += connection.execute(held.values(state="waiting", due_at=now)).rowcount
        outages.resume(connection, chosen)
    return done


def give_up(home: Home, channel: str, reason: str) -> int:
    """Erase what waits for one channel: an entry *alert-failed* each, by the operator. How many."""
    if not reason.strip():
        raise TraplineError("giving alerts up needs a reason", hint="add: --reason 'why nobody needs them'")
    codec, now, done = RowCodec(home.keys.alerts), home.now(), 0
    with home.store.write() as connection:
        query = select(table).where(table.c.channel == channel, table.c.state.in_(("waiting", "held")))
        for row in connection.execute(query).all():
            alert = codec.open(row.id, row.sealed)
            body: dict[str, object] = {"channel": channel, "attempt": row.attempts, "reason": reason.strip()}
            if alert is not None:
                body |= {"alert": alert.id, "event": alert.event, "hits": alert.hits}
                body |= {"canary": alert.canary, "incident": alert.incident}
            values = {"state": "failed", "done_at": now, "problem": reason.strip()[:200], "leased_until": ""}
            change = update(table).where(table.c.id == row.id)
            connection.execute(change.values(**values, sealed=None, progress=None))
            home.writer.record(connection, "alert-failed", now, home.operator, body)
            done += 1
        outages.resume(connection, [channel])
    return done
