"""Syslog: RFC 5424 over TLS (RFC 5425), TCP (octet counting, RFC 6587) or UDP (RFC 5426); text, CEF or OCSF.

TCP and TLS give no receipt: what the kernel took counts as delivered. OCSF is the class Detection Finding (2004) of
https://schema.ocsf.io/1.3.0; CEF is version 0. A message is cut to ``max_bytes``, OCSF by leaving fields out.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
from dataclasses import dataclass
from typing import Any, Literal

from canaries import __version__
from canaries.core.clock import parse_rfc3339
from canaries.core.text import clip
from listener.incidents.briefing import rank
from listener.notify.channels import Alert, Attempt, Channel, DeliveryError, Receipt
from listener.notify.channels._text import MessageText, fit, message, plain, short, utf8

_TIMEOUT = 10.0
_LEVELS = {"low": 5, "medium": 4, "high": 3, "critical": 2}
"""Severities of RFC 5424, 6.2.1: notice, warning, error, critical."""
_NOTICE = 5
_OWN_BYTES = 700
"""Of one message's header and of what never is left out."""


@dataclass(frozen=True, slots=True)
class SyslogSettings:
    """``[channels.NAME] type = "syslog"``."""

    host: str
    """The collector."""
    port: int = 6514
    """6514 is TLS's; 514 for TCP and UDP."""
    transport: Literal["tls", "tcp", "udp"] = "tls"
    """``tls`` verifies the collector's certificate; ``udp`` may lose messages."""
    format: Literal["text", "cef", "ocsf"] = "text"
    """``text`` for people, ``cef`` or ``ocsf`` for SIEMs."""
    facility: int = 10
    """10: security (RFC 5424, 6.2.1)."""
    hostname: str = "-"
    """What the message gives as its host; ``-``: nothing."""
    max_bytes: int = 2048
    """Of one message: what every collector must or should take."""
    ca_file: str = ""
    """PEM file of the CA to trust; empty: the system's."""

    def __post_init__(self) -> None:
        if not 0 < self.port < 65536 or not 0 <= self.facility <= 23:
            raise ValueError("port must be between 1 and 65535, facility between 0 and 23")
        if not 2 * _OWN_BYTES <= self.max_bytes <= 65_000:
            raise ValueError(f"max_bytes must be between {2 * _OWN_BYTES} and 65000")
        if not re.fullmatch(r"[!-~]{1,255}", self.hostname):
            raise ValueError("hostname must be 1 to 255 printable ASCII characters")


class Syslog(Channel):
    """A message to a log collector or SIEM."""

    name = "syslog"
    Settings = SyslogSettings

    def send(self, alert: Alert) -> str:
        return self.deliver(alert, Attempt()).text

    def deliver(self, alert: Alert, attempt: Attempt) -> Receipt:
        settings = self.settings
        packet = record(alert, settings)
        try:
            if settings.transport == "udp":
                _datagram(settings, packet)
            else:
                _stream(settings, str(len(packet)).encode() + b" " + packet)
        except ssl.SSLCertVerificationError as error:
            raise DeliveryError(f"its certificate is not valid ({error.verify_message})") from None
        except OSError as error:
            raise DeliveryError(f"no connection to the collector ({type(error).__name__})") from None
        return Receipt(f"{len(packet)} bytes by {settings.transport}")


def record(alert: Alert, settings: SyslogSettings) -> bytes:
    """The whole message, at most ``max_bytes``."""
    words = message(alert)
    priority = settings.facility * 8 + _LEVELS.get(words.severity, _NOTICE)
    kind = re.sub(r"[^!-~]", "-", alert.event)[:32] or "-"
    head = f"<{priority}>1 {alert.at} {settings.hostname} trapline - {kind} - ".encode()
    room = settings.max_bytes - len(head)
    if settings.format == "cef":
        return head + cef(alert, words, room).encode()
    if settings.format == "ocsf":
        return head + ocsf(alert, words, room).encode()
    return head + b"\xef\xbb\xbf" + fit(short(words), room - 3, utf8).encode()


def cef(alert: Alert, words: MessageText, room: int) -> str:
    """ArcSight Common Event Format 0; extensions that do not fit are left out."""
    degree = {"low": 3, "medium": 5, "high": 8, "critical": 10}.get(words.severity, 1)
    fields = [
        "CEF:0",
        "Trapline",
        "Trapline",
        __version__,
        alert.event,
        clip(words.headline, 200),
        str(degree),
    ]
    said = "|".join([fields[0], *(_bar(field) for field in fields[1:])]) + "|"
    values = {
        "externalId": alert.id,
        "rt": str(_millis(alert.first_at or alert.at)),
        "cnt": str(alert.hits) if alert.hits else "",
        "src": alert.source if ":" not in alert.source else "",
        "c6a2": alert.source if ":" in alert.source else "",
        "spt": str(alert.port) if alert.port else "",
        "cs1Label": "incident" if alert.incident else "",
        "cs1": alert.incident,
        "requestClientApplication": clip(dict(words.lines).get("What it did", ""), 300),
        "msg": short(words),
    }
    for name, value in values.items():
        more = f"{name}={_equals(value)} " if value else ""
        said += more if utf8(said + more) <= room else ""
    return said.rstrip()


def ocsf(alert: Alert, words: MessageText, room: int) -> str:
    """Detection Finding; what makes it too long is left out, so that it stays JSON."""
    shown = plain(alert)
    value: dict[str, Any] = {
        "class_uid": 2004,
        "category_uid": 2,
        "activity_id": 1 if alert.event == "first" else 2,
        "type_uid": 200401 if alert.event == "first" else 200402,
        "severity_id": rank(words.severity) + 2 if words.severity else 1,
        "time": _millis(alert.at),
        "metadata": {
            "version": "1.3.0",
            "product": {"name": "Trapline", "vendor_name": "Trapline", "version": __version__},
            "uid": alert.id,
        },
        "finding_info": {"uid": alert.incident or alert.id, "title": clip(words.headline, 100)},
    }
    optional: dict[str, Any] = {
        "count": alert.hits,
        "evidences": [{"src_endpoint": {"ip": shown.get("source", ""), "port": alert.port}}]
        if alert.source
        else [],
        "message": fit(short(words), 600),
        "unmapped": shown,
    }
    for name, more in optional.items():
        if more and len(_json(value | {name: more})) <= room:
            value[name] = more
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _millis(at: str) -> int:
    return int(parse_rfc3339(at).timestamp() * 1000)


def _bar(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


def _equals(text: str) -> str:
    return text.replace("\\", "\\\\").replace("=", "\\=")


def _datagram(settings: SyslogSettings, packet: bytes) -> None:
    family, kind, protocol, _, address = socket.getaddrinfo(
        settings.host, settings.port, type=socket.SOCK_DGRAM
    )[0]
    with socket.socket(family, kind, protocol) as sock:
        sock.connect(address)
        sock.send(packet)


def _stream(settings: SyslogSettings, frame: bytes) -> None:
    with socket.create_connection((settings.host, settings.port), timeout=_TIMEOUT) as plain_socket:
        if settings.transport == "tcp":
            plain_socket.sendall(frame)
            plain_socket.shutdown(socket.SHUT_WR)
            return
        context = ssl.create_default_context(cafile=settings.ca_file or None)
        with context.wrap_socket(plain_socket, server_hostname=settings.host) as stream:
            stream.sendall(frame)
