"""Rows of the outbox: an alert and how far it has come, sealed under the ``alerts`` key and bound to the row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from canaries.crypto.sealed_box import BoxError, Locker
from canaries.ledger.entries import new_id
from listener.notify.channels import Alert

_PROGRESS = b"\0progress"


@dataclass(frozen=True, slots=True)
class Progress:
    """What earlier attempts reached."""

    done: tuple[str, ...] = ()
    """Recipients who have it."""
    plain: bool = False
    """Whether the rich form was refused."""
    since: str = ""
    """RFC 3339: when an operator last asked to try again; empty: never."""
    incidents: tuple[str, ...] = ()
    """Of a folded row: which incidents it sums up."""


class RowCodec:
    """Writes and reads rows. One per transaction."""

    def __init__(self, key: bytes) -> None:
        self._locker = Locker(key)

    def row(
        self, channel: str, alert: Alert, now: str, due_at: str, progress: Progress | None = None
    ) -> tuple[Any, ...]:
        """A new row of `store.outbox`; with ``progress`` it is a folded one."""
        row_id = new_id()
        folded, sealed = 0, None
        if progress is not None:
            folded, sealed = 1, self.seal_progress(row_id, progress)
        content = self.seal(row_id, alert)
        return (row_id, channel, "waiting", now, due_at, 0, "", "", "", content, folded, sealed)

    def seal(self, row_id: str, alert: Alert) -> bytes:
        """For the row ``row_id``."""
        return self._locker.seal(msgspec.json.encode(alert), row_id.encode())

    def open(self, row_id: str, sealed: bytes | None) -> Alert | None:
        """None: it does not open, because the key was replaced."""
        if sealed is None:
            return None
        try:
            return msgspec.json.decode(self._locker.open(sealed, row_id.encode()), type=Alert)
        except (BoxError, msgspec.DecodeError):
            return None

    def seal_progress(self, row_id: str, progress: Progress) -> bytes:
        """For the row ``row_id``."""
        return self._locker.seal(msgspec.json.encode(progress), row_id.encode() + _PROGRESS)

    def open_progress(self, row_id: str, sealed: bytes | None) -> Progress:
        """The inverse; what does not open is no progress."""
        if sealed is None:
            return Progress()
        try:
            return msgspec.json.decode(self._locker.open(sealed, row_id.encode() + _PROGRESS), type=Progress)
        except (BoxError, msgspec.DecodeError):
            return Progress()
