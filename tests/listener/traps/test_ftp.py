"""FTP: the conversation in bytes, cut anywhere; then a stolen login in real programs at a real listener."""

from __future__ import annotations

import ftplib
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.conversation import Close, Record, Send, StartTls, Step
from listener.protocol.identity import Identity
from listener.traps.ftp import FtpConversation, FtpSettings
from tests import steady

FIRST = [b"USER app\r\nPASS secret\r\n"]
"""What clients send first."""

POKE = b"SYST\r\nFEAT\r\n"
"""What makes it say who it is."""

LOGIN = b"USER backup\r\nPASS hunter2\r\n"
WHO = {"user": "backup", "password": "hunter2", "mechanism": "USER"}
FLOODS = [
    [LOGIN, b"FEAT\r\n" * 4_000],
    [LOGIN, b"STAT\r\nHELP\r\n" * 5000],
    [LOGIN, *(b"CWD /%s\r\n" % (b"x" * 4000) for _ in range(1000))],
]
"""Many commands, long answers, long names."""
CUT_OFF = [[LOGIN, b"CWD /" + b"x" * 5000]]
"""A line that does not end."""


def talk(*said: bytes, **settings: Any) -> list[Step]:
    conversation = FtpConversation(Identity(b"k" * 32), 1, FtpSettings(**settings))
    return [step for data in said for step in conversation.feed(data)]


def test_user_and_password_are_noted_before_they_are_answered() -> None:
    assert talk(LOGIN) == [
        Record("user", {"user": "backup"}),
        Send(b"331 Please specify the password.\r\n"),
        Record("login", WHO),
        Send(b"230 Login successful.\r\n"),
    ]


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (b"PWD", b'257 "/home/backup" is the current directory'),
        (b"TYPE I", b"200 Switching to Binary mode."),
        (b"TYPE A", b"200 Switching to ASCII mode."),
        (b"CWD /", b"250 Directory successfully changed."),
        (b"CWD etc", b"550 Failed to change directory."),
        (b"PORT 192,0,2,1,0,25", b"550 Permission denied."),
        (b"EPRT |1|192.0.2.1|25|", b"550 Permission denied."),
        (b"PASV", b"550 Permission denied."),
        (b"RETR passwords.xls", b"425 Use PORT or PASV first."),
        (b"STOR shell.php", b"425 Use PORT or PASV first."),
        (b"AUTH TLS", b"500 Unknown command."),
        (b"\x1b[1m", b"500 Unknown command."),
    ],
)
def test_no_connection_is_made_and_no_file_moves(command: bytes, answer: bytes) -> None:
    *_, note, say = talk(LOGIN + command + b"\r\n")
    assert isinstance(note, Record)
    assert {**note.shown, **WHO} == note.shown
    assert say == Send(answer + b"\r\n")


def test_nothing_before_the_login() -> None:
    assert talk(b"PWD\r\n") == [
        Record("command", {"command": "PWD"}),
        Send(b"530 Please login with USER and PASS.\r\n"),
    ]
    assert talk(b"PASS x\r\n")[-1] == Send(b"503 Login with USER first.\r\n")
    assert talk(b"QUIT\r\n") == [Send(b"221 Goodbye.\r\n"), Close()]


def test_clients_name_themselves() -> None:
    assert talk(LOGIN + b"CLNT lftp/4.9\r\n")[-2:] == [
        Record("client", {"client": "lftp/4.9", **WHO}),
        Send(b"500 Unknown command.\r\n"),
    ]


def test_tls_only_where_it_is_switched_on() -> None:
    (features,) = talk(b"FEAT\r\n")
    assert isinstance(features, Send)
    assert b"AUTH" not in features.data
    assert talk(b"AUTH TLS\r\nUSER x\r\n", auth_tls=True) == [
        Send(b"234 Proceed with negotiation.\r\n"),
        StartTls(),
    ]


@given(cuts=st.lists(st.integers(0, 100), max_size=8))
def test_however_the_bytes_are_cut_the_conversation_is_the_same(cuts: list[int]) -> None:
    whole = LOGIN + b"FEAT\r\nOPTS UTF8 ON\r\nEPSV\r\nLIST\r\nQUIT\r\n"
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    parts = [whole[begin:end] for begin, end in itertools.pairwise(places)]
    assert talk(*parts) == talk(whole)


@pytest.fixture(scope="module")
def stolen(steal: Callable[..., Any]) -> Any:
    """A stolen login, and a listener where it is tried."""
    return steal("ftp", "ftp-credentials")


@pytest.fixture(autouse=True)
def _fresh(request: pytest.FixtureRequest) -> None:
    if "stolen" in request.fixturenames:
        request.getfixturevalue("stolen").forget()


def test_ftplib(stolen: Any) -> None:
    with ftplib.FTP(timeout=steady.PATIENCE) as client:
        client.connect("127.0.0.1", stolen.port)
        client.login(stolen.row["user"], stolen.row["password"])
        assert client.pwd() == f"/home/{stolen.row['user']}"
        with pytest.raises(ftplib.error_perm, match="550"):
            client.nlst()
    hit = stolen.hit("login")
    assert hit.facet == "password"
    assert hit.entry.body["observed"]["user"] == stolen.row["user"]
    assert stolen.hit("command").entry.body["observed"]["command"] == "PWD"


def test_curl_with_the_url(stolen: Any) -> None:
    stolen.run("curl", "-sS", stolen.local_url)
    assert stolen.hit("login").facet == "password"


def test_curl_with_the_netrc(stolen: Any) -> None:
    stolen.plant()
    stolen.run("curl", "-sS", "-n", f"ftp://127.0.0.1:{stolen.port}/")
    assert stolen.hit("login").facet == "password"


def test_lftp_with_the_bookmark(stolen: Any) -> None:
    stolen.plant()
    (name, _, _) = stolen.bait.files[1].content.decode().partition("\t")
    stolen.run("lftp", "-c", f"set net:max-retries 1; open {name}; cd /")
    assert stolen.hit("login").facet == "password"


def test_a_line_that_is_too_long_is_noted_with_its_login_and_ends_it() -> None:
    """As vsftpd 3.0.3 does it; what was begun may hold bait."""
    *_, note, sent, closed = talk(LOGIN, b"CWD /" + b"x" * 5000 + b"\r\n")
    assert isinstance(note, Record)
    assert (note.what, note.shown.items() >= WHO.items()) == ("command", True)
    assert str(note.shown["command"]).startswith("CWD /xxx")
    assert (sent, closed) == (Send(b"500 Input line too long.\r\n"), Close())
