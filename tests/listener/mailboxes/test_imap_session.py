"""Sessions with a real server, which nothing changes; and what goes wrong, a sentence each, without the password."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest

from listener.mailboxes.imap_session import FolderState, ImapSession, MailboxError
from listener.protocol.imap_answers import LARGEST_UID
from tests.listener.mailboxes.lying_server import lying_server, usual
from tests.mail_server import PASSWORD, MailServer

Tls = tuple[ssl.SSLContext, Path]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_messages_are_fetched_as_they_are_and_stay_as_they_were(server: MailServer, security: str) -> None:
    server.deliver("a dot\r\n.\r\n..\r\n")
    server.deliver("x" * 5000)
    before = server.flags()
    port = server.tls if security == "tls" else server.starttls
    with ImapSession(server.mailbox(security=security, port=port, kept_bytes=1024)) as session:
        state = session.examine()
        first, second = session.after(0, state.next_uid)
        assert state.messages == 2
        assert list(session.after(second, state.next_uid)) == []
        assert list(session.after(0, 0)) == [first, second]
        newest = session.newest()
        assert newest is not None
        assert newest.uid == second
        small, large = session.fetch(first), session.fetch(second)
        assert session.fetch(second + 1) is None
    assert small is not None and large is not None  # noqa: PT018  for the type checker
    assert small.content is not None and large.content is not None  # noqa: PT018
    assert small.content.endswith(b"\r\n\r\na dot\r\n.\r\n..\r\n\r\n")
    assert small.size == len(small.content)
    assert len(large.content) == 1024
    assert large.size > 5000
    assert server.flags() == before
    assert b"Seen" not in b"".join(before)


def test_an_empty_folder_and_one_with_a_name_of_its_own(server: MailServer) -> None:
    with server.client() as client:
        client.create('"Spam &- B&APw-cher"')
    with ImapSession(server.mailbox(folder="Spam & Bücher")) as session:
        state = session.examine()
        assert (state.messages, session.newest(), list(session.after(0, state.next_uid))) == (0, None, [])


@pytest.mark.parametrize(
    ("said", "reason", "refused"),
    [
        ({"password": "geheim"}, "the server refused the user or the password", True),
        ({"user": "nobody@provider.example"}, "the server refused the user or the password", True),
        ({"ca_file": ""}, "the certificate of 127.0.0.1 port .* is not valid", False),
        (
            {"host": "localhost.localdomain", "ca_file": ""},
            "(is not valid|cannot be resolved|cannot be reached)",
            False,
        ),
        ({"port": 9}, "127.0.0.1 port 9 cannot be reached", False),
        ({"folder": "Nothing"}, "there is no folder 'Nothing' that may be read", True),
        ({"host": "imap.invalid"}, "the name imap.invalid cannot be resolved", False),
        ({"ca_file": "/nothing"}, "ca_file /nothing is not there", True),
    ],
)
def test_what_is_wrong_is_one_sentence(
    server: MailServer, said: dict[str, Any], reason: str, refused: bool
) -> None:
    with pytest.raises(MailboxError, match=reason) as caught, ImapSession(server.mailbox(**said)) as session:
        session.examine()
    assert caught.value.refused is refused
    told = f"{caught.value.sentence} {caught.value.hint} {caught.value!r} {caught.value.__cause__}"
    assert "geheim" not in told
    assert PASSWORD not in told


def test_a_port_that_speaks_another_way_is_said(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("listener.mailboxes.imap_session._SECONDS", 2.0)
    for said in ({"port": server.starttls}, {"port": server.tls, "security": "starttls"}):
        with pytest.raises(MailboxError, match=r"(no TLS connection|did not answer|broke off)"):
            ImapSession(server.mailbox(**said))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"TAG NO [AUTHENTICATIONFAILED] geheim is wrong\r\n", "refused the user or the password"),
        (b"TAG NO [UNAVAILABLE] later\r\n", "lets nobody log in just now"),
        (b"TAG BAD geheim\r\n", "refused the user or the password"),
        (b"* BYE geheim\r\n", "broke off"),
        (b"+ geheim\r\n" * 3 + b"\xff\xfe\r\n", "broke off"),
        (b"", "broke off"),
    ],
)
@pytest.mark.parametrize("way", [b"AUTH=PLAIN", b""])
def test_what_the_server_says_stays_out_of_the_sentence(
    server_tls: Tls, answer: bytes, reason: str, way: bytes
) -> None:
    def script(tag: str, command: str) -> bytes:
        if command.startswith("CAPABILITY"):
            return usual(tag, command, CAPABILITY=b"* CAPABILITY IMAP4rev1 %s\r\n" % way)
        if command.startswith("AUTHENTICATE"):
            return b"+ \r\n"
        tag = tag if command.startswith("LOGIN") else script.tag  # type: ignore[attr-defined]
        return answer.replace(b"TAG", tag.encode()) or b"* BYE\r\n"

    def remembering(tag: str, command: str) -> bytes:
        if command.startswith("AUTHENTICATE"):
            script.tag = tag  # type: ignore[attr-defined]
        return script(tag, command)

    with lying_server(server_tls, remembering) as server:
        with pytest.raises(MailboxError, match=reason) as caught:
            ImapSession(server.mailbox())
        assert "geheim" not in f"{caught.value!r} {caught.value.hint}"


def test_a_password_that_the_server_offers_no_way_for_is_not_sent(server_tls: Tls) -> None:
    def script(tag: str, command: str) -> bytes:
        return usual(tag, command, CAPABILITY=b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n")

    with lying_server(server_tls, script) as server:
        with pytest.raises(MailboxError, match="offers no way to log in"):
            ImapSession(server.mailbox())
        server.script = usual
        with pytest.raises(MailboxError, match="offers no way to log in"):
            ImapSession(server.mailbox(password="gehéim"))
        assert [line.split()[1] for line in server.said] == ["CAPABILITY", "CAPABILITY"]


def test_a_user_cannot_add_words_to_the_login(server_tls: Tls) -> None:
    with lying_server(server_tls, usual) as server:
        ImapSession(server.mailbox(user='ju"ne\\ x', password='a"b\\')).close()
        assert server.said[-1].split(" ", 1)[1] == 'LOGIN "ju\\"ne\\\\ x" "a\\"b\\\\"'


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"EXAMINE": b"* 1 EXISTS\r\n* OK [UIDNEXT 5]\r\n"}, "gives no UIDVALIDITY"),
        ({"EXAMINE": b"* OK [UIDVALIDITY 0]\r\n"}, "gives no UIDVALIDITY"),
        ({"EXAMINE": b"* OK [UIDVALIDITY 99999999999999999999]\r\n"}, "gives no UIDVALIDITY"),
        ({"EXAMINE": b"* 1 FETCH (X {%s}\r\n" % (b"9" * 5000)}, "broke off"),
        ({"SEARCH": b"* BAD\r\n* BYE\r\n"}, "broke off"),
    ],
)
def test_a_folder_that_cannot_be_read_is_said(
    server_tls: Tls, answers: dict[str, bytes], reason: str
) -> None:
    with (
        lying_server(server_tls, lambda tag, command: usual(tag, command, **answers)) as server,
        pytest.raises(MailboxError, match=reason),
        ImapSession(server.mailbox()) as session,
    ):
        list(session.after(0, session.examine().next_uid))


def test_numbers_outside_of_what_was_asked_for_are_not_believed(server_tls: Tls) -> None:
    search = b"* SEARCH 0 3 7 7 4294967295 99999 20001\r\n* SEARCH 5\r\n"
    with (
        lying_server(server_tls, lambda tag, command: usual(tag, command, SEARCH=search)) as server,
        ImapSession(server.mailbox()) as session,
    ):
        assert session.examine() == FolderState(1, 1, 0)
        assert list(session.after(4, 20_000)) == [5, 7, 20_001]


def test_a_number_space_that_is_all_but_empty_is_searched_in_a_few_steps(server_tls: Tls) -> None:
    with lying_server(server_tls, usual) as server, ImapSession(server.mailbox()) as session:
        session.examine()
        assert list(session.after(0, 0)) == []
        searches = [line for line in server.said if "SEARCH" in line]
        assert len(searches) < 10
        assert searches[-1].endswith(f":{LARGEST_UID}")


def test_a_message_that_was_not_asked_for_is_not_taken(server_tls: Tls) -> None:
    other = b"* 1 FETCH (UID 8 BODY[] {3}\r\nabc)\r\n"
    with (
        lying_server(server_tls, lambda tag, command: usual(tag, command, FETCH=other)) as server,
        ImapSession(server.mailbox()) as session,
    ):
        session.examine()
        assert session.fetch(7) is None
        found = session.fetch(8)
        assert found is not None
        assert found.content == b"abc"
