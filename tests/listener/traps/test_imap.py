"""IMAP: the conversation in bytes, cut anywhere; then stolen logins in real programs at a real listener."""

from __future__ import annotations

import base64
import imaplib
import itertools
import shlex
import ssl
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.conversation import Close, Record, Send, StartTls, Step
from listener.protocol.identity import Identity
from listener.traps.imap import ImapConversation, ImapSettings
from tests import steady
from tests.programs import require

FIRST = [b"a1 LOGIN user secret\r\n", b"a1 AUTHENTICATE PLAIN AHUAcA==\r\n"]
"""What clients send first."""

POKE = b"a CAPABILITY\r\nb ID NIL\r\n"
"""What makes it say who it is."""

LOGIN = b'a LOGIN "app@x.net" hunter2\r\n'
WHO = {"user": "app@x.net", "password": "hunter2", "mechanism": "LOGIN"}
FLOODS = [
    [LOGIN, b"b NOOP\r\n" * 4_000],
    [LOGIN, *(b"b%d SELECT %s\r\n" % (one, b"x" * 16_000) for one in range(200))],
    [LOGIN, *(b"b SELECT {60000+}\r\n" + bytes(60_000) + b" {60000+}\r\n" + bytes(60_000) for _ in range(1))],
    [LOGIN, b"b SEARCH" + b" {0+}\r\n" * 250],
    [LOGIN, b"b SELECT {8000+}\r\n", *(b"x" for _ in range(8_000)), b"\r\n"],
    [LOGIN, b"b IDLE\r\n", b"DONE\r\n", *(b"b IDLE\r\nDONE\r\n" * 1000 for _ in range(4))],
]
"""Many commands, long names, literals within a command, and one in crumbs."""
CUT_OFF = [
    [LOGIN, b"b FOO\r\n" * 20],
    [LOGIN, b"b SELECT {65537+}\r\n"],
    [LOGIN, *(b"b SELECT" + b" {60000+}\r\n" + bytes(60_000) for _ in range(3)), b" {1+}\r\n"],
]
"""Twenty commands that are none, a line and a literal that are too long, and three literals that are."""


def talk(*said: bytes, **settings: Any) -> list[Step]:
    conversation = ImapConversation(Identity(b"k" * 32), 1, ImapSettings(**settings), now=lambda: 7_000_000)
    return [step for data in said for step in conversation.feed(data)]


def said(steps: list[Step]) -> bytes:
    return b"".join(step.data for step in steps if isinstance(step, Send))


def test_the_greeting_offers_only_what_shows_the_password() -> None:
    (step,) = ImapConversation(Identity(b"k" * 32), 1).greet()
    assert isinstance(step, Send)
    assert step.data.startswith(b"* OK [CAPABILITY IMAP4rev1 SASL-IR ")
    assert b" STARTTLS AUTH=PLAIN AUTH=LOGIN] " in step.data
    assert b"CRAM" not in step.data


@pytest.mark.parametrize(
    "login",
    [
        b"a LOGIN app@x.net hunter2\r\n",
        b'a login "app@x.net" "hunter2"\r\n',
        b"a LOGIN {9+}\r\napp@x.net {7+}\r\nhunter2\r\n",
    ],
)
def test_a_login_however_it_is_written(login: bytes) -> None:
    note, say = talk(login)
    assert note == Record("login", WHO)
    assert isinstance(say, Send)
    assert say.data.startswith(b"a OK [CAPABILITY ")


def test_a_literal_is_asked_for() -> None:
    steps = talk(b"a LOGIN {9}\r\n", b"app@x.net", b" {7}\r\n", b"hunter2\r\n")
    assert steps[:2] == [Send(b"+ OK\r\n"), Send(b"+ OK\r\n")]
    assert steps[2] == Record("login", WHO)


def test_a_quoted_password_is_unquoted() -> None:
    assert talk(b'a LOGIN u "a\\"b\\\\c (d"\r\n')[0].shown["password"] == 'a"b\\c (d'  # type: ignore[union-attr]


@pytest.mark.parametrize("rest", [b'"', b'"\\', b'"x\\"y'])
def test_a_quoted_string_that_does_not_end_is_read_to_the_end(rest: bytes) -> None:
    note = talk(b"a LOGIN u " + rest + b"\r\n")[0]
    assert note == Record(
        "login", {"user": "u", "password": rest[1:].replace(b"\\", b"").decode(), "mechanism": "LOGIN"}
    )


def test_authenticate_with_and_without_an_initial_response() -> None:
    response = base64.b64encode(b"\0app\0hunter2")
    who = Record("login", {"user": "app", "password": "hunter2", "mechanism": "PLAIN"})
    assert talk(b"a AUTHENTICATE PLAIN " + response + b"\r\n")[0] == who
    assert talk(b"a AUTHENTICATE PLAIN\r\n", response + b"\r\n")[:2] == [Send(b"+ \r\n"), who]
    assert (
        said(talk(b"a AUTHENTICATE CRAM-MD5\r\n"))
        == b"a NO [ALERT] Unsupported authentication mechanism.\r\n"
    )


def test_clients_name_themselves() -> None:
    note = talk(b'a ID ("version" "2.2" "name" "Mutt" "os" "Linux")\r\n')[0]
    assert note == Record("client", {"client": "Mutt 2.2 os=Linux"})


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (b'LIST "" "*"', b'* LIST (\\HasNoChildren) "." INBOX\r\nb OK List completed'),
        (b"SELECT Secret", b"b NO Mailbox doesn't exist: Secret"),
        (b"FETCH 1 BODY[]", b"b BAD No mailbox selected"),
        (b"CREATE x", b"b NO [NOPERM] Permission denied"),
        (b"NOOP", b"b OK NOOP completed"),
        (b"XYZZY", b"b BAD Error in IMAP command XYZZY: Unknown command"),
        (b"", b"b BAD Error in IMAP command: Invalid command name"),
    ],
)
def test_after_the_login_there_is_nothing(command: bytes, answer: bytes) -> None:
    told = said(talk(LOGIN, b"b " + command + b"\r\n")).partition(b"Logged in\r\n")[2]
    assert told == answer + b" (0.001 + 0.000 secs).\r\n"


def test_a_line_that_is_too_long_is_dropped_to_its_end_and_told() -> None:
    whole = b"b SELECT " + b"x" * 70_000
    steps = talk(LOGIN, whole[:40_000], whole[40_000:], b"y" * 5000 + b"\r\nc NOOP\r\n")
    assert said(steps).endswith(
        b"b BAD Error in IMAP command SELECT: Too long argument (0.001 + 0.000 secs).\r\n"
        b"c OK NOOP completed (0.001 + 0.000 secs).\r\n"
    )
    assert said(talk(b"b LOGIN " + b"x" * 2000)) == b"* BYE Input buffer full, aborting\r\n"


def test_how_long_a_client_was_idle_is_told() -> None:
    times = iter((1_000_000, 1_331_000))
    conversation = ImapConversation(Identity(b"k" * 32), 1, now=lambda: next(times))
    steps = [step for data in (LOGIN, b"a9 IDLE\r\n", b"DONE\r\n") for step in conversation.feed(data)]
    assert steps[-1] == Send(b"a9 OK Idle completed (0.331 + 0.331 + 0.330 secs).\r\n")


def test_what_is_asked_after_the_login_is_known_as_its_use() -> None:
    steps = talk(LOGIN, b'b SELECT INBOX\r\nc UID SEARCH SUBJECT "invoice"\r\nd IDLE\r\nDONE\r\ne LOGOUT\r\n')
    asked = [step for step in steps if isinstance(step, Record)][2]
    assert asked == Record("command", {"command": 'c UID SEARCH SUBJECT "invoice"', **WHO})
    heard = said(steps)
    assert b"* 0 EXISTS\r\n" in heard
    assert b"* SEARCH\r\nc OK Search completed (" in heard
    assert b"+ idling\r\nd OK Idle completed (0.000 + 0.000 + 0.000 secs).\r\n" in heard
    assert steps[-1] == Close()


def test_an_appended_message_is_noted_and_refused() -> None:
    steps = talk(LOGIN, b"b APPEND INBOX {5+}\r\nhello\r\n")
    assert steps[-2].shown["command"].endswith("hello")  # type: ignore[union-attr]
    assert steps[-1] == Send(b"b NO [NOPERM] Permission denied (0.001 + 0.000 secs).\r\n")


def test_a_literal_beyond_all_measure_ends_it() -> None:
    steps = talk(b"a LOGIN {4000000000}\r\n")
    assert steps[-2:] == [Send(b"a BAD Literal too large.\r\n"), Close()]


def test_starttls_drops_what_was_smuggled() -> None:
    assert talk(b"a STARTTLS\r\nb LOGIN x y\r\n") == [
        Send(b"a OK Begin TLS negotiation now.\r\n"),
        StartTls(),
    ]
    assert said(talk(b"a STARTTLS\r\n", starttls=False)).startswith(b"a BAD")


def test_a_tag_never_breaks_out_of_our_answer() -> None:
    assert said(talk(b"\x1b[1m NOOP\r\n")) == b"* OK NOOP completed.\r\n"


@given(cuts=st.lists(st.integers(0, 200), max_size=8))
def test_however_the_bytes_are_cut_the_conversation_is_the_same(cuts: list[int]) -> None:
    whole = b"a AUTHENTICATE LOGIN\r\nYXBw\r\naHVudGVyMg==\r\nb SELECT {5+}\r\nINBOX\r\nc IDLE\r\nDONE\r\nd LOGOUT\r\n"
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    parts = [whole[begin:end] for begin, end in itertools.pairwise(places)]
    assert talk(*parts) == talk(whole)


_TLS = 'domain = "localhost"\n[traps.imap]\nstarttls = true\ntls_bind = ["127.0.0.1:0"]\n'


@pytest.fixture(scope="module")
def stolen(steal: Callable[..., Any]) -> Any:
    """A stolen login that brings the installation's own CA, and a listener where it is tried."""
    return steal("imap", "imap-credentials", toml=_TLS, ca="true")


@pytest.fixture(autouse=True)
def _fresh(request: pytest.FixtureRequest) -> None:
    if "stolen" in request.fixturenames:
        request.getfixturevalue("stolen").forget()


def test_imaplib(stolen: Any) -> None:
    with imaplib.IMAP4("127.0.0.1", stolen.port, timeout=steady.PATIENCE) as client:
        client.login(stolen.row["user"], stolen.row["password"])
        assert client.select() == ("OK", [b"0"])
        assert client.search(None, "ALL") == ("OK", [b""])
    hit = stolen.hit("login")
    assert hit.facet == "password"
    assert hit.entry.body["observed"]["user"] == stolen.row["user"]


def test_imaplib_over_tls_from_the_start_and_by_starttls(stolen: Any) -> None:
    context = ssl.create_default_context(cadata=stolen.home.ca_pem)
    port = int(stolen.addresses[1].rpartition(":")[2])
    with imaplib.IMAP4_SSL("127.0.0.1", port, ssl_context=context, timeout=steady.PATIENCE) as client:
        assert "STARTTLS" not in client.capabilities
        client.login(stolen.row["user"], stolen.row["password"])
    with imaplib.IMAP4("127.0.0.1", stolen.port, timeout=steady.PATIENCE) as client:
        client.starttls(context)
        client.login(stolen.row["user"], stolen.row["password"])
    for _ in range(2):
        assert stolen.hit("login").entry.body["observed"]["tls"]["version"] == "TLSv1.3"


def test_curl(stolen: Any) -> None:
    who = f"{stolen.row['user']}:{stolen.row['password']}"
    stolen.run("curl", "-sS", "--user", who, f"imap://127.0.0.1:{stolen.port}/INBOX?ALL")
    assert stolen.hit("login").facet == "password"


def test_mbsync_with_the_baits_own_file(stolen: Any) -> None:
    stolen.plant("localhost")  # mbsync looks for addresses in no alternative name
    stolen.run("mbsync", "-a")
    assert stolen.hit("login").entry.body["observed"]["tls"]["version"].startswith("TLSv1")


def test_mutt_with_the_baits_own_file(stolen: Any) -> None:
    stolen.plant()
    require("mutt")
    command = f"mutt -n -z -F {shlex.quote(str(stolen.home.path.parent / '.muttrc'))}"
    stolen.run("script", "-qec", command, "/dev/null", TERM="xterm", stdin="q")  # it wants a terminal
    assert stolen.hit("login").entry.body["observed"]["tls"]["version"].startswith("TLSv1")
