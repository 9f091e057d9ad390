"""A signed webhook: Standard Webhooks 1.0.0, symmetric signatures (``v1``).

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
The receiver checks the signature and the time stamp, and keeps ``webhook-id``: an exact replay is valid otherwise.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass, field

from canaries import __version__
from canaries.core.clock import Clock, SystemClock
from listener.notify.channels import Alert, Channel
from listener.notify.channels._http import Receiver, post
from listener.notify.channels._text import plain

_PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """``[channels.NAME] type = "webhook"``."""

    url: str = field(repr=False)
    """https://…; http:// only to hosts in ``allow``."""
    secret: str = field(repr=False)
    """``whsec_`` and 24 to 64 bytes in base64; the receiver has the same."""
    allow: tuple[str, ...] = ()
    """Host names that may have a private address."""
    ca_file: str = ""
    """PEM file of the CA to trust; empty: the system's."""

    def __post_init__(self) -> None:
        Receiver.of(self.url, self.allow)
        key_of(self.secret)


def key_of(secret: str) -> bytes:
    """The bytes of a ``whsec_`` secret. Raises ValueError without the secret in it."""
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith(_PREFIX) or not 24 <= len(key) <= 64:
        raise ValueError("secret must be whsec_ and 24 to 64 bytes in base64") from None
    return key


def signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    """The ``webhook-signature`` header: ``v1,`` and the HMAC-SHA256 of ``id.timestamp.body`` in base64."""
    digest = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


class Webhook(Channel):
    """Posts JSON that its receiver can authenticate."""

    name = "webhook"
    Settings = WebhookSettings

    def __init__(self, settings: WebhookSettings, clock: Clock | None = None) -> None:
        super().__init__(settings)
        self._clock = clock or SystemClock()

    def send(self, alert: Alert) -> str:
        payload = {"type": f"alert.{alert.event}", "timestamp": alert.at, "data": plain(alert)}
        body = json.dumps(payload, ensure_ascii=True, separators=(",", ":")).encode()
        message_id, timestamp = f"msg_{alert.id}", str(int(self._clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"Trapline/{__version__}",
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": signature(key_of(self.settings.secret), message_id, timestamp, body),
        }
        receiver = Receiver.of(self.settings.url, self.settings.allow)
        return post(
            receiver,
            body,
            headers,
            allow=self.settings.allow,
            ca_file=self.settings.ca_file,
            clock=self._clock,
        )
