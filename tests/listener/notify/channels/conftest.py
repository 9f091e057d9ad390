"""Real receivers on loopback for the channels, and alerts to send them."""

from __future__ import annotations

import dataclasses
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from listener.notify.channels import Alert

HOSTILE = "<!channel> =cmd|'/c calc'!A1 \u202e <script>"


@pytest.fixture
def hostile() -> str:
    """A User-Agent that attacks every medium at once."""
    return f"{HOSTILE}\r\nBcc: all@example.org\r\n\r\nhttp://evil.example/x <@U1> \x1b[2J"


@pytest.fixture
def alert(hostile: str) -> Alert:
    """A first hit whose visitor-controlled fields are all hostile."""
    return Alert(
        id="0190" * 8,
        event="first",
        at="2026-11-22T12:00:00.000000Z",
        organisation="Test Trust",
        canary="00112233aabbccdd",
        kind="aws-key",
        memo="in the wiki",
        facet="secret",
        trap="http",
        hits=3,
        first_at="2026-11-22T11:59:58.000000Z",
        last_at="2026-11-22T11:59:59.000000Z",
        source="203.0.113.9",
        port=40123,
        facts={"client": {"source": "ua-parser", "family": hostile}, "network": {"asn": 64496}},
        client=hostile,
        incident="aabb",
        sources=1,
    )


@dataclass
class Mailbox:
    """An SMTP server's mails."""

    port: int
    ca_file: Path
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    """SMTP command (``RCPT``, ``DATA``) to what is answered instead of 250."""

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "DATA" in self.answers:
            return self.answers["DATA"]
        assert isinstance(envelope.original_content, bytes)
        self.raw.append(envelope.original_content)
        mail = message_from_bytes(envelope.original_content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.envelopes.append(envelope)
        return "250 OK"

    def settings(self, **more: Any) -> dict[str, Any]:
        """For a channel that may deliver here."""
        ours = {
            "host": "localhost",
            "port": self.port,
            "sender": "trap@example.net",
            "to": ["soc@example.org"],
        }
        return ours | {"user": "courier", "password": "pAssW0rd", "ca_file": str(self.ca_file)} | more

    def texts(self) -> list[str]:
        """Decoded headers and bodies."""
        found = []
        for mail in self.mails:
            found += [f"{name}: {value}" for name, value in mail.items()]
            found += [part.get_content() for part in mail.walk() if not part.is_multipart()]
        return found


@pytest.fixture
def mail_server(server_tls: tuple[ssl.SSLContext, Path]) -> Iterator[Callable[..., Mailbox]]:
    """Starts SMTP servers that ask for STARTTLS (or TLS) and AUTH."""
    context, ca_file = server_tls
    running: list[Controller] = []

    def start(
        *, implicit: bool = False, tls: bool = True, password: str = "pAssW0rd", mechanism: str = ""
    ) -> Mailbox:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        mailbox = Mailbox(port, ca_file)

        def login(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
            assert isinstance(data, LoginPassword)
            mailbox.logins.append((data.login.decode(), data.password.decode()))
            return AuthResult(success=data.password == password.encode(), handled=False)

        secure: dict[str, Any] = (
            {"ssl_context": context} if implicit else {"tls_context": context, "require_starttls": True}
        )
        controller = Controller(
            mailbox,
            hostname="127.0.0.1",
            port=port,
            authenticator=login,
            auth_required=tls and not implicit,
            auth_require_tls=tls and not implicit,
            auth_exclude_mechanism={"LOGIN", "PLAIN"} - {mechanism} if mechanism else None,
            **(secure if tls else {}),
        )
        controller.start()
        running.append(controller)
        return mailbox

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def every_event(alert: Alert) -> list[Alert]:
    """One alert of each sort."""
    quiet = Alert(id="0191" * 8, event="heartbeat", at=alert.at, sequence=7)
    return [
        alert,
        dataclasses.replace(alert, event="digest", hits=250),
        dataclasses.replace(
            alert, event="flood", hits=9000, sources=800, source="", client="", port=0, facts={}
        ),
        quiet,
        dataclasses.replace(quiet, event="test", sequence=0),
    ]
