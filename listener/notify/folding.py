"""Several alerts of one channel in one message: counts add up, the weightiest headlines are named."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select, update

from canaries.core.store import outbox
from canaries.ledger.entries import new_id
from listener.incidents.briefing import rank
from listener.notify.channels import Alert
from listener.notify.channels._text import message
from listener.notify.payload import MOST_LEAVES
from listener.notify.row_codec import Progress, RowCodec

if TYPE_CHECKING:
    from canaries.installation.home import Home

NAMED = 4
"""Headlines that a summary names; the rest are counted."""
_COUNTED = 20_000
"""Incidents that are told apart in one summary."""


def fold(connection: Connection, home: Home, channel: str, alert: Alert, due_at: str, now: str) -> None:
    """Add ``alert`` to the channel's message of this kind that has not gone yet, or begin one for ``due_at``."""
    table = outbox.c
    codec = RowCodec(home.keys.alerts)
    query = (
        select(table.id, table.sealed, table.progress, table.folded)
        .where(
            table.channel == channel,
            table.state == "waiting",
            table.folded > 0,
            table.attempts == 0,
            table.due_at > now,
        )
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = connection.execute(query).first()
    before = codec.open(row.id, row.sealed) if row is not None else None
    if row is None or before is None:
        values = codec.row(channel, _begun(alert, now), now, due_at, Progress(incidents=(alert.incident,)))
        connection.execute(insert(outbox).values(values))
        return
    known = codec.open_progress(row.id, row.progress).incidents
    new = alert.incident not in known and len(known) < _COUNTED
    incidents = (*known, alert.incident) if new else known
    together = _joined(before, alert, len(incidents))
    connection.execute(
        update(outbox)
        .where(table.id == row.id)
        .values(
            sealed=codec.seal(row.id, together),
            progress=codec.seal_progress(row.id, Progress(incidents=incidents)),
            folded=row.folded + 1,
        )
    )


def _begun(alert: Alert, now: str) -> Alert:
    return Alert(
        id=new_id(),
        event="summary",
        at=now,
        organisation=alert.organisation,
        checkpoint=alert.checkpoint,
        leaves=alert.leaves,
        unsealed_since=alert.unsealed_since,
        hits=alert.hits,
        first_at=alert.first_at,
        last_at=alert.last_at,
        severity=alert.severity,
        incidents=1,
        zone=alert.zone,
        link="trapline incidents",
        note=_named(alert),
    )


def _joined(before: Alert, alert: Alert, incidents: int) -> Alert:
    named = before.note.splitlines()
    line = _named(alert)
    if line not in named:
        named = sorted([*named, line], key=lambda one: -rank(one.partition(": ")[2].split(":")[0].lower()))
    return dataclasses.replace(
        before,
        hits=before.hits + alert.hits,
        first_at=min(filter(None, (before.first_at, alert.first_at)), default=""),
        last_at=max(before.last_at, alert.last_at),
        severity=max((before.severity, alert.severity), key=rank),
        incidents=incidents,
        checkpoint=alert.checkpoint,
        leaves=(*before.leaves, *alert.leaves)[-MOST_LEAVES:],
        unsealed_since=alert.unsealed_since,
        note="\n".join(named[:NAMED]),
    )


def _named(alert: Alert) -> str:
    """``Incident aabb: HIGH: aws key used (memo)``: label and value of a line."""
    return f"{alert.incident}: {message(alert).headline}"
