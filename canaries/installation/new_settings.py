"""The ``trapline.toml`` of a new installation: where bait leads, where alerts go, which database."""

from __future__ import annotations

import base64
import json
import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from canaries.core.errors import SettingsError
from canaries.core.web_address import is_address, is_host, is_host_name, port_number, root_url
from canaries.installation.addresses import network_address, scope

_MAILBOX = re.compile(r"[^@\s\"\\]+@([A-Za-z0-9.-]+)\Z")
_SERVICES = (
    ("slack", re.compile(r"hooks\.slack\.com\Z")),
    ("discord", re.compile(r"(.+\.)?discord(app)?\.com\Z")),
    ("teams", re.compile(r".+\.(webhook\.office\.com|logic\.azure\.com|powerplatform\.com)\Z")),
)
"""Whose webhook an address is, by its host."""


@dataclass(frozen=True, slots=True)
class NewSettings:
    """What differs between new installations."""

    domain: str
    """The catch domain, or empty."""
    base_url: str
    bind: tuple[str, ...]
    """Of the HTTP trap."""
    channel: str
    """The lines of ``[channels.ops]``; empty: none."""
    database: str
    """An SQLAlchemy URL, or empty."""
    organisation: str


def toml_text(value: str) -> str:
    """A basic string of TOML 1.0, in quotes: its escapes are those of JSON, and DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def domain_name(text: str) -> str:
    """A catch domain, in lower case. Raises SettingsError."""
    name = text.strip().lower().rstrip(".")
    if "." not in name or "_" in name or not is_host_name(name):
        raise SettingsError(f"{text!r} is not a domain name", hint="for example: files.yourdomain.net")
    return name


def listening(text: str) -> tuple[str, str]:
    """Host and port of ``HOST:PORT``. Raises SettingsError."""
    host, _, port = text.strip().rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    sound = is_address(host[1:-1]) if bracketed else ":" not in host and _host(host)
    if not sound or port_number(port) is None:
        raise SettingsError(
            f"{text!r} is not an address", hint="write HOST:PORT, for example --listen 127.0.0.1:8080"
        )
    return host, port


def reached_at(text: str, port: str = "") -> str:
    """The root of bait URLs for a name, an address or a URL of this machine. Raises SettingsError."""
    url = (text if "://" in text else f"http://{text.strip()}").strip().rstrip("/")
    try:
        parts = root_url(url, "it")
    except ValueError:
        parts = None
    host = (parts and parts.hostname) or ""
    if parts is None or not _host(host):
        raise SettingsError(
            f"{text!r} is no place to be reached at", hint="give a name, an address, or http://NAME:PORT"
        )
    if ":" not in host and _unspecified(host):
        raise SettingsError(
            f"{text!r} is a place to listen at and no address to call",
            hint="give the name or address at which others reach this machine",
        )
    if "://" not in text and parts.port is None and port not in ("", "80"):
        return f"http://{parts.netloc}:{port}{parts.path}"
    return url


def database_url(text: str) -> str:
    """``text``, where each command finds the same database by it; the store checks the rest. Raises SettingsError."""
    if text.startswith("sqlite") and not text.partition(":///")[2].startswith("/"):
        raise SettingsError(
            f"{text!r} does not name a file by its whole path",
            hint="write sqlite:////PATH, with four slashes, or leave it out: SQLite in the home",
        )
    return text


def places(domain: str, listen: str, reached: str) -> tuple[tuple[str, ...], str]:
    """Where the HTTP trap listens, and the root of bait URLs. Raises SettingsError."""
    if not listen and not reached:
        if domain:
            return ("0.0.0.0:80", "0.0.0.0:443"), f"https://{{label}}.{domain}"
        return ("127.0.0.1:8080",), "http://127.0.0.1:8080"
    host, port = listening(listen or "0.0.0.0:8080")
    bind = (listen.strip() or "0.0.0.0:8080",)
    if reached:
        return bind, reached_at(reached, port)
    if domain:
        return bind, f"http://{{label}}.{domain}:{port}"
    if _unspecified(host.strip("[]")):
        guessed = network_address()
        if not guessed:
            raise SettingsError(
                f"{host} is a place to listen at and no address to call, and this machine has no other",
                hint="say where others reach it: --reached-at NAME",
            )
        return bind, f"http://{f'[{guessed}]' if ':' in guessed else guessed}:{port}"
    return bind, f"http://{host}:{port}"


def channel(alerts: str, mail_server: str = "", mail_user: str = "") -> str:
    """The lines of a channel for ``alerts``: a webhook's address, or a mailbox. Raises SettingsError."""
    mailbox = _MAILBOX.match(alerts)
    if (mail_server or mail_user) and not mailbox:
        raise SettingsError(
            "a mail server is for alerts to a mailbox",
            hint="add: --alerts NAME@yourdomain.net, or leave it out",
        )
    if not alerts:
        return ""
    if mailbox and is_host_name(mailbox[1]) and alerts.isprintable():
        if not mail_server:
            raise SettingsError(
                "alerts by e-mail need a mail server", hint="add: --mail-server mail.yourdomain.net:587"
            )
        host, colon, port = mail_server.partition(":")
        if not _host(host) or (colon and port_number(port) is None):
            raise SettingsError(f"{mail_server!r} is no mail server", hint="write HOST or HOST:PORT")
        lines = ['type = "email"', f"host = {toml_text(host)}", f"port = {port or 587}"]
        lines += ['security = "tls"'] if port == "465" else []
        if mail_user:
            lines += [f"user = {toml_text(mail_user)}", 'password = ""  # or TRAPLINE_CHANNELS_OPS_PASSWORD']
        sender = f"trapline@{mailbox[1]}"
        return "\n".join([*lines, f"sender = {toml_text(sender)}", f"to = [{toml_text(alerts)}]"])
    host = _webhook_host(alerts)
    if not host:
        raise SettingsError(
            "alerts can go to the https:// address of a webhook, or to a mailbox",
            hint="other channels are sections of trapline.toml: see the reference of channels",
        )
    service = next((name for name, pattern in _SERVICES if pattern.match(host)), "webhook")
    lines = [f'type = "{service}"', f"url = {toml_text(alerts)}"]
    if service == "webhook":
        secret = base64.b64encode(secrets.token_bytes(32)).decode()
        lines.append(f'secret = "whsec_{secret}"  # the receiver checks signatures with it')
    return "\n".join(lines)


def _webhook_host(url: str) -> str:
    """The host of an https:// URL that a channel can post to; empty: it is none."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return ""
    plain = all(0x20 < ord(char) < 0x7F for char in url) and "@" not in parts.netloc
    return host if plain and parts.scheme == "https" and is_host(host) else ""


def _host(text: str) -> bool:
    return "_" not in text and is_host(text)


def _unspecified(host: str) -> bool:
    try:
        return scope(host) == "unspecified"
    except ValueError:
        return False
