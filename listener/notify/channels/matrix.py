"""Matrix: an event in a room, by the client-server API; growth of an incident goes into its thread.

https://spec.matrix.org/v1.11/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid: the transaction id is
the alert's, so that a repetition makes no second event. An event has at most 65,536 bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from listener.notify.channels import Alert, Attempt, Channel, Receipt
from listener.notify.channels._http import Receiver, header_safe, send_json
from listener.notify.channels._text import fit, message, short, utf8

_LIMIT = 16_384
"""Bytes of the text: far below the event's limit, whatever JSON makes of it."""


@dataclass(frozen=True, slots=True)
class MatrixSettings:
    """``[channels.NAME] type = "matrix"``."""

    homeserver: str
    """Its client URL (``https://matrix.example.net``)."""
    room: str
    """The room's id (``!abc:example.net``); the account must have joined it."""
    token: str = field(repr=False)
    """The account's access token."""
    allow: tuple[str, ...] = ()
    """Host names that may have a private address."""
    ca_file: str = ""
    """PEM file of the CA to trust; empty: the system's."""

    def __post_init__(self) -> None:
        Receiver.of(self.homeserver, self.allow)
        header_safe(self.token, "token")
        if not self.room.startswith("!"):
            raise ValueError("room must be a room's id, which begins with !")


class Matrix(Channel):
    """A message in a Matrix room."""

    name = "matrix"
    Settings = MatrixSettings

    def send(self, alert: Alert) -> str:
        return self.deliver(alert, Attempt()).text

    def deliver(self, alert: Alert, attempt: Attempt) -> Receipt:
        settings, words = self.settings, message(alert)
        lines = [words.headline, *(f"{label}: {value}" for label, value in words.lines)]
        text = short(words) if attempt.plain else "\n".join(lines)
        content: dict[str, Any] = {"msgtype": "m.text", "body": fit(text, _LIMIT, utf8), "m.mentions": {}}
        if attempt.thread and not attempt.plain:
            content["m.relates_to"] = {
                "rel_type": "m.thread",
                "event_id": attempt.thread,
                "is_falling_back": True,
                "m.in_reply_to": {"event_id": attempt.thread},
            }
        # another form is another event: a repeated transaction id would be taken for the refused one
        transaction = f"{alert.id}{'p' if attempt.plain else ''}"
        path = f"/_matrix/client/v3/rooms/{quote(settings.room, safe='')}/send/m.room.message/{transaction}"
        reply = send_json(
            settings.homeserver.rstrip("/") + path,
            content,
            allow=settings.allow,
            ca_file=settings.ca_file,
            headers={"Authorization": f"Bearer {settings.token}"},
            method="PUT",
        )
        return Receipt(reply.receipt, thread=str(reply.json().get("event_id", ""))[:255])
