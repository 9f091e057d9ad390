"""Each alert carries the log's newest checkpoint: every mailbox, chat and webhook becomes a witness, for nothing.

Whoever keeps a message can hold it against the log later (``trapline ledger verify --checkpoint``): a log that was put
back or written anew does not fit it. Where sealing has stopped, the message says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, func, select

from canaries.core import store
from canaries.core.clock import from_micros, parse_rfc3339, rfc3339
from canaries.ledger.signed_note import NoteError, compact
from listener.notify.channels import Alert

LATE_SECONDS = 300.0
"""An entry that has waited for its place in the log so long says that nothing is sealed any more."""


def witnessed(connection: Connection, alerts: Sequence[Alert], now: str) -> list[Alert]:
    """``alerts`` with the checkpoint of this moment, and since when nothing was sealed, if so."""
    line, since = _newest(connection), unsealed_since(connection, now)
    return [replace(alert, checkpoint=line, unsealed_since=since) for alert in alerts]


def unsealed_since(connection: Connection, now: str) -> str:
    """When the entry was written that has waited longest, where that is too long; else empty."""
    oldest = connection.scalar(select(func.min(store.unsealed.c.entry_id)))
    if not oldest:
        return ""
    at = from_micros(int(oldest[:12], 16) * 1000)  # a UUIDv7: milliseconds (RFC 9562, 5.7)
    late = (parse_rfc3339(now) - at).total_seconds() > LATE_SECONDS
    return rfc3339(at) if late else ""


def _newest(connection: Connection) -> str:
    """The newest checkpoint in one line; empty where there is none, or one that no sealer wrote."""
    table = store.checkpoint
    note = connection.scalar(select(table.c.note).order_by(table.c.size.desc()).limit(1))
    try:
        return compact(note) if note else ""
    except NoteError:
        return ""
