"""POP3: the conversation in bytes, cut anywhere; then a stolen login in real programs at a real listener."""

from __future__ import annotations

import base64
import itertools
import poplib
import ssl
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.conversation import Close, Record, Send, StartTls, Step
from listener.protocol.identity import Identity
from listener.traps.pop3 import Pop3Conversation, Pop3Settings
from tests import steady

FIRST = [b"USER app\r\nPASS secret\r\n"]
"""What clients send first."""

POKE = b"CAPA\r\n"
"""What makes it say who it is."""

LOGIN = b"USER app\r\nPASS hunter2 two\r\n"
WHO = {"user": "app", "password": "hunter2 two", "mechanism": "USER"}
FLOODS = [
    [LOGIN, b"NOOP\r\n" * 4_000],
    [LOGIN, *(b"RETR %s\r\n" % (b"9" * 400) for _ in range(1000))],
]
"""Many commands."""
CUT_OFF = [[LOGIN, b"FOO\r\n" * 21], [LOGIN, b"RETR " + b"9" * 4_000]]
"""Commands that are none, and a line that does not end."""


def talk(*said: bytes, **settings: Any) -> list[Step]:
    conversation = Pop3Conversation(Identity(b"k" * 32), 1, Pop3Settings(**settings))
    return [step for data in said for step in conversation.feed(data)]


def test_user_and_password_are_noted_before_they_are_answered() -> None:
    assert talk(LOGIN) == [
        Record("user", {"user": "app"}),
        Send(b"+OK\r\n"),
        Record("login", WHO),
        Send(b"+OK Logged in.\r\n"),
    ]


def test_no_apop() -> None:
    (greeting,) = Pop3Conversation(Identity(b"k" * 32), 1).greet()
    assert isinstance(greeting, Send)
    assert b"<" not in greeting.data, "a time stamp would offer APOP (RFC 1939, section 7)"
    assert talk(b"APOP app 0123\r\n")[-1] == Send(b"-ERR APOP not enabled.\r\n")


def test_sasl() -> None:
    response = base64.b64encode(b"\0app\0hunter2")
    note = Record("login", {"user": "app", "password": "hunter2", "mechanism": "PLAIN"})
    assert talk(b"AUTH PLAIN " + response + b"\r\n")[0] == note
    assert talk(b"AUTH PLAIN\r\n" + response + b"\r\n")[:2] == [Send(b"+ \r\n"), note]
    assert talk(b"AUTH\r\n") == [Send(b"+OK\r\nPLAIN\r\nLOGIN\r\n.\r\n")]
    assert talk(b"AUTH NTLM\r\n")[-1] == Send(b"-ERR [AUTH] Unsupported authentication mechanism.\r\n")


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (b"STAT", b"+OK 0 0\r\n"),
        (b"LIST", b"+OK 0 messages:\r\n.\r\n"),
        (b"UIDL", b"+OK\r\n.\r\n"),
        (b"RETR 1", b"-ERR There's no message 1.\r\n"),
        (b"LIST 7", b"-ERR There's no message 7.\r\n"),
        (b"DELE x", b"-ERR Invalid message number: x\r\n"),
        (b"NOOP", b"+OK\r\n"),
        (b"STLS", b"-ERR Unknown command: STLS\r\n"),
    ],
)
def test_the_maildrop_is_empty(command: bytes, answer: bytes) -> None:
    *_, note, say = talk(LOGIN + command + b"\r\n")
    assert note == Record("command", {"command": command.decode(), **WHO})
    assert say == Send(answer)


def test_nothing_before_the_login() -> None:
    assert talk(b"STAT\r\n")[-1] == Send(b"-ERR Unknown command.\r\n")
    assert talk(b"PASS x\r\n")[-1] == Send(b"-ERR No username given.\r\n")
    assert talk(b"QUIT\r\n")[-1] == Close()


def test_stls_drops_what_was_smuggled_and_is_offered_once() -> None:
    conversation = Pop3Conversation(Identity(b"k" * 32), 1)
    steps = list(conversation.feed(b"CAPA\r\nSTLS\r\nUSER x\r\n"))
    assert isinstance(steps[0], Send)
    assert b"\r\nSTLS\r\n" in steps[0].data
    assert steps[1:] == [Send(b"+OK Begin TLS negotiation now.\r\n"), StartTls()]
    (say,) = conversation.feed(b"CAPA\r\n")
    assert isinstance(say, Send)
    assert b"STLS" not in say.data
    assert talk(b"STLS\r\n", starttls=False)[-1] == Send(b"-ERR TLS support isn't enabled.\r\n")


@given(cuts=st.lists(st.integers(0, 100), max_size=8))
def test_however_the_bytes_are_cut_the_conversation_is_the_same(cuts: list[int]) -> None:
    whole = b"CAPA\r\nAUTH LOGIN\r\nYXBw\r\naHVudGVyMg==\r\nSTAT\r\nQUIT\r\n"
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    parts = [whole[begin:end] for begin, end in itertools.pairwise(places)]
    assert talk(*parts) == talk(whole)


@pytest.fixture(scope="module")
def stolen(steal: Callable[..., Any]) -> Any:
    """A stolen mailbox's login, tried at a POP3 trap."""
    return steal(
        "pop3", "imap-credentials", toml='[traps.pop3]\nstarttls = true\ntls_bind = ["127.0.0.1:0"]\n'
    )


@pytest.mark.parametrize("how", ["plain", "stls", "tls"])
def test_poplib(stolen: Any, how: str) -> None:
    stolen.forget()
    context = ssl.create_default_context(cadata=stolen.home.ca_pem)
    port = int(stolen.addresses[how == "tls"].rpartition(":")[2])
    client = (
        poplib.POP3_SSL("127.0.0.1", port, context=context, timeout=steady.PATIENCE)
        if how == "tls"
        else poplib.POP3("127.0.0.1", port, timeout=steady.PATIENCE)
    )
    if how == "stls":
        client.stls(context)
    client.user(stolen.row["user"])
    client.pass_(stolen.row["password"])
    assert client.stat() == (0, 0)
    client.quit()
    hit = stolen.hit("login")
    assert hit.facet == "password"
    assert ("tls" in hit.entry.body["observed"]) == (how != "plain")


def test_fetchmail(stolen: Any) -> None:
    stolen.forget()
    rc = f'poll 127.0.0.1 port {stolen.port} protocol POP3 username "{stolen.row["user"]}" '
    rc += f'password "{stolen.row["password"]}" sslproto "" keep\n'
    stolen.run("fetchmail", "-f", "-", "--nodetach", "--nosyslog", "-v", stdin=rc)
    assert stolen.hit("login").facet == "password"


def test_curl(stolen: Any) -> None:
    stolen.forget()
    who = f"{stolen.row['user']}:{stolen.row['password']}"
    stolen.run("curl", "-sS", "--user", who, f"pop3://127.0.0.1:{stolen.port}/")
    assert stolen.hit("login").facet == "password"
