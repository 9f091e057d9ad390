"""A server that never ends, or says that more comes than was asked for, is left; nothing in clear is believed."""

from __future__ import annotations

import imaplib
import ssl
from pathlib import Path

import pytest

from listener.mailboxes.bounded_imap import BoundedImap
from listener.mailboxes.mailbox_settings import Mailbox
from tests.listener.mailboxes.lying_server import LyingServer, lying_server, usual

Tls = tuple[ssl.SSLContext, Path]


def connected(mailbox: Mailbox, *, starttls: bool = False, seconds: float = 20.0) -> BoundedImap:
    context = ssl.create_default_context(cafile=mailbox.told.ca_file)
    return BoundedImap(mailbox.told.host, mailbox.port, context, starttls=starttls, seconds=seconds)


def answered(server: LyingServer, answer: bytes, allowed: int = 1000) -> None:
    """One NOOP is answered so."""
    imap = connected(server.mailbox())
    server.script = lambda tag, command: answer.replace(b"TAG", tag.encode())
    try:
        imap.allow(allowed, 20.0)
        imap.noop()
    finally:
        imap.shutdown()


@pytest.mark.parametrize(
    "answer",
    [
        b"* 1 FETCH (BODY[] {4000000000}\r\n",
        b"* 1 FETCH (BODY[] {2000}\r\n" + b"x" * 2000 + b")\r\nTAG OK\r\n",
        b"* NO words\r\n" * 500 + b"TAG OK\r\n",
        b"* " + b"x" * 3000,
    ],
)
def test_no_more_is_taken_than_was_allowed(server_tls: Tls, answer: bytes) -> None:
    with lying_server(server_tls, usual) as server, pytest.raises(imaplib.IMAP4.abort):
        answered(server, answer)


def test_what_was_allowed_is_taken_whole(server_tls: Tls) -> None:
    with lying_server(server_tls, usual) as server:
        answered(
            server, b"* 1 FETCH (BODY[] {2000}\r\n" + b"x" * 2000 + b")\r\nTAG OK done\r\n", allowed=3000
        )


def test_a_line_without_an_end_is_left(server_tls: Tls) -> None:
    with (
        lying_server(server_tls, usual) as server,
        pytest.raises(imaplib.IMAP4.abort, match="without an end"),
    ):
        answered(server, b"* " + b"x" * (3 << 20), allowed=1 << 30)


def test_silence_has_an_end(server_tls: Tls) -> None:
    with lying_server(server_tls, usual) as server:
        imap = connected(server.mailbox())
        server.script = lambda tag, command: b"* OK wait\r\n"
        imap.allow(1000, 0.3)
        with pytest.raises(TimeoutError):
            imap.noop()
        imap.shutdown()


def test_a_connection_that_is_closed_is_said(server_tls: Tls) -> None:
    with lying_server(server_tls, usual, b"") as server:
        mailbox = server.mailbox()
        server.close()
        with pytest.raises(OSError):
            connected(mailbox)


@pytest.mark.parametrize("capability", [b"IMAP4rev1", b"IMAP4rev1 STARTTLS"])
def test_no_tls_means_no_word(server_tls: Tls, capability: bytes) -> None:
    """Not offered, or offered and refused."""

    def script(tag: str, command: str) -> bytes:
        if command.startswith("CAPABILITY"):
            return b"* CAPABILITY %s\r\n%s OK\r\n" % (capability, tag.encode())
        return f"{tag} NO never\r\n".encode()

    with lying_server(server_tls, script, plain=True) as server:
        with pytest.raises((ssl.SSLError, imaplib.IMAP4.error)):
            connected(server.mailbox(), starttls=True)
        assert not [line for line in server.said if "LOGIN" in line or "AUTH" in line]


def test_words_before_the_handshake_are_not_taken_for_words_behind_it(server_tls: Tls) -> None:
    """As somebody on the way would put them there (CVE-2011-0411 and its kind)."""

    def script(tag: str, command: str) -> bytes:
        if command.startswith("CAPABILITY"):
            return b"* CAPABILITY IMAP4rev1 STARTTLS\r\n%s OK\r\n" % tag.encode()
        return f"{tag} OK go\r\n* CAPABILITY IMAP4rev1 AUTH=EVIL\r\n".encode()

    with (
        lying_server(server_tls, script, plain=True) as server,
        pytest.raises((ssl.SSLError, imaplib.IMAP4.error, OSError)),
    ):
        connected(server.mailbox(), starttls=True, seconds=3.0)


def test_a_greeting_that_lets_everybody_in_is_no_way_past_tls(server_tls: Tls) -> None:
    with lying_server(server_tls, usual, b"* PREAUTH welcome\r\n", plain=True) as server:
        with pytest.raises((ssl.SSLError, imaplib.IMAP4.error)):
            connected(server.mailbox(), starttls=True)
        assert not [line for line in server.said if "LOGIN" in line or "AUTH" in line]
