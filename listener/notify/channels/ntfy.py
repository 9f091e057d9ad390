"""ntfy: a topic on ntfy.sh or a server of your own, published as JSON.

https://docs.ntfy.sh/publish/#publish-as-json. A message of more than 4,096 bytes would become an attachment.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field

from listener.notify.channels import Alert, Attempt, Channel, Receipt
from listener.notify.channels._http import Receiver, header_safe, send_json
from listener.notify.channels._text import fit, message, short, utf8

_LIMIT, _TITLE = 4096, 250
"""Bytes."""
_PRIORITY = {"low": 2, "medium": 3, "high": 4, "critical": 5}


@dataclass(frozen=True, slots=True)
class NtfySettings:
    """``[channels.NAME] type = "ntfy"``."""

    topic: str = field(repr=False)
    """Its name: whoever knows it may read it, unless the server asks for a login."""
    url: str = "https://ntfy.sh"
    """The server."""
    token: str = field(default="", repr=False)
    """An access token (``tk_…``), or user and password."""
    user: str = ""
    """Who signs in, where there is no token."""
    password: str = field(default="", repr=False)
    """Better given as ``TRAPLINE_CHANNELS_NAME_PASSWORD``."""
    allow: tuple[str, ...] = ()
    """Host names that may have a private address."""
    ca_file: str = ""
    """PEM file of the CA to trust; empty: the system's."""

    def __post_init__(self) -> None:
        Receiver.of(self.url, self.allow)
        header_safe(self.token, "token")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", self.topic):
            raise ValueError("topic must be 1 to 64 letters, digits, _ or -")
        if self.token and self.user:
            raise ValueError("give token, or user and password")


class Ntfy(Channel):
    """A push message to phones."""

    name = "ntfy"
    Settings = NtfySettings

    def send(self, alert: Alert) -> str:
        return self.deliver(alert, Attempt()).text

    def deliver(self, alert: Alert, attempt: Attempt) -> Receipt:
        settings, words = self.settings, message(alert)
        lines = "\n".join(f"{label}: {value}" for label, value in words.lines)
        content = {
            "topic": settings.topic,
            "title": fit(words.headline, _TITLE, utf8),
            "message": fit(short(words) if attempt.plain else lines or words.headline, _LIMIT, utf8),
            "priority": _PRIORITY.get(words.severity, 3),
        }
        headers = {}
        if settings.token:
            headers["Authorization"] = f"Bearer {settings.token}"
        elif settings.user:
            login = f"{settings.user}:{settings.password}".encode()  # UTF-8 (RFC 7617, 2.1)
            headers["Authorization"] = f"Basic {base64.b64encode(login).decode()}"
        reply = send_json(
            settings.url, content, allow=settings.allow, ca_file=settings.ca_file, headers=headers
        )
        return Receipt(reply.receipt)
