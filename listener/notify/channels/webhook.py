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
import re
from dataclasses import asdict, dataclass, field

from canaries import __version__
from canaries.core.clock import Clock, SystemClock
from listener.notify.channels import Alert, Channel
from listener.notify.channels._http import Receiver, header_safe, post
from listener.notify.channels._text import message, plain

_PREFIX = "whsec_"
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
"""A header's name (RFC 9110, 5.6.2)."""


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """``[channels.NAME] type = "webhook"``."""

    url: str = field(repr=False)
    """https://…; http:// only to hosts in ``allow``."""
    secret: str = field(default="", repr=False)
    """``whsec_`` and 24 to 64 bytes in base64; the receiver has the same. Empty: not signed, with ``headers``."""
    headers: str = field(default="", repr=False)
    """Further headers, ``Name: value``, one a line (``Authorization: Bearer …``)."""
    body: str = ""
    """A Jinja template in place of the usual JSON, of ``headline``, ``lines``, ``text``, ``severity`` and ``alert``:
    ``{"message": {{ headline | tojson }}}``."""
    content_type: str = "application/json"
    """Of what ``body`` makes."""
    allow: tuple[str, ...] = ()
    """Host names that may have a private address."""
    ca_file: str = ""
    """PEM file of the CA to trust; empty: the system's."""

    def __post_init__(self) -> None:
        Receiver.of(self.url, self.allow)
        if not (self.secret or self.headers):
            raise ValueError(
                "a secret is missing by which the receiver knows the sender (whsec_ and 24 to 64 bytes in base64); "
                "or give headers"
            )
        if self.secret:
            key_of(self.secret)
        header_lines(self.headers)
        header_safe(self.content_type, "content_type")
        if self.body:
            _tried(self.body, self.content_type)


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
        if self.settings.body:
            body = rendered(self.settings.body, alert).encode()
        else:
            payload = {"type": f"alert.{alert.event}", "timestamp": alert.at, "data": plain(alert)}
            body = json.dumps(payload, ensure_ascii=True, separators=(",", ":")).encode()
        message_id, timestamp = f"msg_{alert.id}", str(int(self._clock.now().timestamp()))
        headers = {
            "Content-Type": self.settings.content_type,
            "User-Agent": f"Trapline/{__version__}",
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
        }
        if self.settings.secret:
            headers["webhook-signature"] = signature(
                key_of(self.settings.secret), message_id, timestamp, body
            )
        headers |= header_lines(self.settings.headers)
        receiver = Receiver.of(self.settings.url, self.settings.allow)
        return post(
            receiver,
            body,
            headers,
            allow=self.settings.allow,
            ca_file=self.settings.ca_file,
            clock=self._clock,
        )


def header_lines(text: str) -> dict[str, str]:
    """The headers of a setting. Raises ValueError without their values in it."""
    found = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if not colon or not _NAME.fullmatch(name.strip()):
            raise ValueError("headers must be lines of Name: value")
        header_safe(value.strip(), f"header {name.strip()}")
        found[name.strip()] = value.strip()
    return found


def rendered(template: str, alert: Alert) -> str:
    """The body that a template makes of an alert. Raises ValueError where it cannot."""
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    words = message(alert)
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    try:
        return environment.from_string(template).render(
            headline=words.headline,
            lines=[list(pair) for pair in words.lines],
            text=words.text,
            severity=words.severity,
            alert={**asdict(Alert(id="", event="", at="")), **plain(alert)},
        )
    except TemplateError as error:
        raise ValueError(f"body is no template that can be filled in: {type(error).__name__}") from None


def _tried(template: str, content_type: str) -> None:
    """Refuse a template that fails, or makes no JSON of a text with quotes and line ends in it."""
    hostile = Alert(
        id="1", event="first", at="2026-01-01T00:00:00.000000Z", memo='"\\\n{{', kind='"', note='"'
    )
    made = rendered(template, hostile)
    if "json" in content_type:
        try:
            json.loads(made)
        except ValueError:
            raise ValueError(
                "body makes no JSON once a value holds a quote: write {{ value | tojson }}"
            ) from None
