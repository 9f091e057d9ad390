"""SMTP: the conversation in bytes, cut anywhere; then mail and stolen logins by real programs at a real listener."""

from __future__ import annotations

import base64
import hashlib
import itertools
import smtplib
import socket
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.evidence.sighting import Sighting
from listener.protocol.conversation import Close, Record, Send, StartTls, Step
from listener.protocol.identity import Identity
from listener.traps.smtp import SmtpConversation, SmtpSettings, SmtpTrap
from tests import steady

FIRST = [b"EHLO there\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nhello\r\n.\r\n"]
"""What clients send first."""

POKE = b"EHLO x\r\nHELP\r\n"
"""What makes it say who it is."""

PLAIN = b"AUTH PLAIN " + base64.b64encode(b"\0app@x.net\0hunter2") + b"\r\n"
LOGIN = {"user": "app@x.net", "password": "hunter2", "mechanism": "PLAIN"}
HELLO = b"EHLO there\r\n" + PLAIN
FLOODS = [
    [
        HELLO,
        b"MAIL FROM:<a@b>\r\n",
        *(b"RCPT TO:<%d%s@x.net>\r\n" % (one, "é€😀".encode() * 200) for one in range(1200)),
    ],
    [HELLO, *(b"EHLO %s\r\n" % (b"x" * 2000) for _ in range(100))],
    [HELLO, b"MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n", *(b"x" * 60_000 for _ in range(200))],
    [HELLO, b"MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n", *(b"\n" for _ in range(8_000))],
    [HELLO, *(b"MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n.\r\n" for _ in range(500))],
    [HELLO, b"NOOP " + b"x" * 100_000 + b"\r\n"],
]
"""Many recipients, names, long messages, short ones, and a line of which the rest is dropped."""
CUT_OFF = [[HELLO, b"NOOP\r\n" * 200], [HELLO, b"FOO\r\n" * 25]]
"""What does nothing, a hundred times and then for an error each; and commands that are none."""
LETTER = b"Subject: hi\r\n\r\nsee ..this\r\n..hidden\r\n"


def talk(*said: bytes, key: bytes = b"k" * 32, **settings: Any) -> list[Step]:
    """What a client's bytes lead to, without the greeting."""
    conversation = SmtpConversation(Identity(key), 1, SmtpSettings(**settings), "quiet-post.net")
    return [step for data in said for step in conversation.feed(data)]


def answers(steps: list[Step]) -> list[bytes]:
    return [step.data for step in steps if isinstance(step, Send)]


def notes(steps: list[Step]) -> list[Record]:
    return [step for step in steps if isinstance(step, Record)]


def test_the_greeting_is_this_installations_own() -> None:
    greetings = set()
    for number in range(20):
        (said,) = SmtpConversation(Identity(bytes([number]) * 32), 1, None, "quiet-post.net").greet()
        assert isinstance(said, Send)
        assert said.data.startswith(b"220 ")
        assert b".quiet-post.net ESMTP" in said.data
        greetings.add(said.data)
    assert len(greetings) > 8
    (said,) = SmtpConversation(Identity(b"k" * 32), 1, SmtpSettings(host="mx.harbour-view.net")).greet()
    assert isinstance(said, Send)
    assert said.data.startswith(b"220 mx.harbour-view.net ESMTP")


def test_no_mechanism_is_offered_that_hides_the_password() -> None:
    note, say = talk(b"EHLO kali\r\n")
    assert note == Record("hello", {"helo": "kali"})
    assert isinstance(say, Send)
    lines = say.data.splitlines()
    assert b"250-AUTH PLAIN LOGIN" in lines
    assert b"250-STARTTLS" in lines
    assert all(line[:4] == b"250-" for line in lines[:-1])
    assert lines[-1][:4] == b"250 "
    assert b"STARTTLS" not in answers(talk(b"EHLO kali\r\n", starttls=False))[0]


def test_a_login_is_noted_before_it_is_welcomed() -> None:
    assert talk(PLAIN) == [Record("login", LOGIN), Send(b"235 2.7.0 Authentication successful\r\n")]


def test_mail_for_the_catch_domain_is_taken_from_anybody() -> None:
    steps = talk(
        b"EHLO mta\r\nMAIL FROM:<a@b.net> SIZE=40\r\nRCPT TO:<Jane@Quiet-Post.net>\r\nDATA\r\n",
        LETTER + b".\r\n",
    )
    assert [note.what for note in notes(steps)] == ["hello", "sender", "recipient", "mail"]
    envelope = {"helo": "mta", "sender": "a@b.net", "recipients": ["Jane@Quiet-Post.net"]}
    assert notes(steps)[-1] == Record("mail", {**envelope, "bytes": len(LETTER)})
    assert answers(steps)[-2] == b"354 End data with <CR><LF>.<CR><LF>\r\n"
    assert answers(steps)[-1].startswith(b"250 2.0.0 Ok: queued as ")
    for at, step in enumerate(steps):
        if isinstance(step, Record):
            assert isinstance(steps[at + 1], Send)


@pytest.mark.parametrize(
    ("recipient", "taken"),
    [
        (b"anybody@quiet-post.net", True),
        (b"x@deep.below.quiet-post.net.", True),
        (b"postmaster", True),
        (b"x@notquiet-post.net", False),
        (b"x@gmail.com", False),
        (b"x@quiet-post.net@gmail.com", False),
        (b"root", False),
    ],
)
def test_it_is_no_open_relay(recipient: bytes, taken: bool) -> None:
    answer = answers(talk(b"MAIL FROM:<>\r\nRCPT TO:<" + recipient + b">\r\n"))[-1]
    assert answer == (
        b"250 2.1.5 Ok\r\n" if taken else b"554 5.7.1 <%s>: Relay access denied\r\n" % recipient
    )


def test_who_has_logged_in_may_send_to_anybody_and_all_of_it_is_known_as_his() -> None:
    steps = talk(PLAIN + b"MAIL FROM:<a@b>\r\nRCPT TO:<me@gmail.com>\r\nDATA\r\n", b"hi\r\n.\r\n")
    assert answers(steps)[2] == b"250 2.1.5 Ok\r\n"
    mail = notes(steps)[-1]
    assert mail.shown["recipients"] == ["me@gmail.com"]
    assert {**mail.shown, **LOGIN} == mail.shown


def test_without_any_domain_nobodys_mail_is_taken() -> None:
    conversation = SmtpConversation(Identity(b"k" * 32), 1)
    steps = list(conversation.feed(b"MAIL FROM:<>\r\nRCPT TO:<a@b.net>\r\n"))
    assert answers(steps)[-1].startswith(b"554 5.7.1")


def test_starttls_forgets_what_was_said_in_clear() -> None:
    conversation = SmtpConversation(Identity(b"k" * 32), 1)
    steps = list(conversation.feed(b"EHLO kali\r\n" + PLAIN + b"STARTTLS\r\nMAIL FROM:<smuggled@b>\r\n"))
    assert steps[-2:] == [Send(b"220 2.0.0 Ready to start TLS\r\n"), StartTls()]
    steps = list(conversation.feed(b"EHLO again\r\nMAIL FROM:<a@b>\r\nSTARTTLS\r\n"))
    assert b"STARTTLS" not in answers(steps)[0]
    assert notes(steps)[1].shown == {"helo": "again", "sender": "a@b", "parameters": ""}
    assert answers(steps)[-1] == b"554 5.5.1 Error: TLS already active\r\n"


def test_a_message_that_is_too_long_is_refused_and_the_next_command_is_one() -> None:
    envelope = b"MAIL FROM:<>\r\nRCPT TO:<a@quiet-post.net>\r\nDATA\r\n"
    assert answers(talk(b"MAIL FROM:<> SIZE=101\r\n", message_bytes=100))[0].startswith(b"552 5.3.4")
    steps = talk(envelope, b"x" * 200, b"\r\n.\r\nNOOP\r\n", message_bytes=100)
    assert answers(steps)[-2:] == [b"552 5.3.4 Error: message file too big\r\n", b"250 2.0.0 Ok\r\n"]
    assert notes(steps)[-1].shown["bytes"] == 202


def test_a_long_message_is_not_kept() -> None:
    conversation = SmtpConversation(Identity(b"k" * 32), 1, None, "quiet-post.net")
    list(conversation.feed(b"MAIL FROM:<>\r\nRCPT TO:<a@quiet-post.net>\r\nDATA\r\n"))
    for _ in range(50):
        assert list(conversation.feed(b"x" * 10_000)) == []
        assert len(conversation._buffer) <= 3


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (b"RCPT TO:<a@b>", b"503 5.5.1 Error: need MAIL command"),
        (b"DATA", b"503 5.5.1 Error: need RCPT command"),
        (b"MAIL TO:<a@b>", b"501 5.5.4 Syntax: MAIL FROM:<address>"),
        (b"EHLO", b"501 Syntax: EHLO hostname"),
        (b"AUTH CRAM-MD5", b"535 5.7.8 Error: authentication failed: Invalid authentication mechanism"),
        (b"STARTTLS now", b"501 5.5.4 Syntax: STARTTLS"),
        (b"EXPN staff", b"500 5.5.2 Error: command not recognized"),
        (b"VRFY r\xc3\xb6\x1b[1m", b"554 5.7.1 <r???[1m>: Relay access denied"),
        (b"NOOP", b"250 2.0.0 Ok"),
    ],
)
def test_other_commands(command: bytes, answer: bytes) -> None:
    assert answers(talk(command + b"\r\n")) == [answer + b"\r\n"]


def test_a_browser_made_to_speak_to_us_is_shown_the_door() -> None:
    assert talk(b"POST / HTTP/1.1\r\nHost: x\r\n")[-1] == Close()


def test_too_many_errors_end_it() -> None:
    assert talk(b"X\r\n" * 50)[-1] == Close()
    assert len(notes(talk(b"X\r\n" * 50))) == 20


@given(cuts=st.lists(st.integers(0, 400), max_size=10))
def test_however_the_bytes_are_cut_the_conversation_is_the_same(cuts: list[int]) -> None:
    whole = b"EHLO k\r\nAUTH LOGIN\r\nYXBw\r\naHVudGVyMg==\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n"
    whole += LETTER + b".\r\nMAIL FROM:<>\r\nRCPT TO:<c@d>\r\nDATA\r\n.\r\nQUIT\r\n"
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    parts = [whole[begin:end] for begin, end in itertools.pairwise(places)]
    assert talk(*parts) == talk(whole)


def sighting(raw: bytes, **notes: Any) -> Sighting:
    return Sighting(
        id="0" * 32, trap="smtp", observed_at=0, peer=("192.0.2.1", 4000), local=("192.0.2.2", 25), transport="tcp",
        raw=raw, size=len(raw), front="f", number=1, connection=1, clock={}, notes=notes,
    )  # fmt: skip


def test_who_delivers_is_a_mail_server_who_logs_in_a_client() -> None:
    envelope = {"request": "mail", "recipients": ["Jane.D+x@Quiet-Post.net"]}
    delivered = SmtpTrap.read(sighting(b"Subject: hi\r\n\r\nx\r\n.\r\n", **envelope))
    assert delivered.observed["role"] == "mail_server"
    assert delivered.observed["message"]["subject"] == "hi"
    assert {b"jane.d+x@quiet-post.net", b"jane.d+x"} <= set(delivered.candidates)
    assert "role" not in SmtpTrap.read(sighting(b"", **envelope, user="app")).observed


DOMAIN = 'domain = "quiet-post.net"\n[traps.smtp]\ntls_bind = ["127.0.0.1:0"]\n'


@pytest.fixture(scope="module")
def login(steal: Callable[..., Any]) -> Any:
    """A stolen login, and a listener where it is tried."""
    return steal("smtp", "smtp-credentials", toml=DOMAIN + "starttls = true\n", ca="true")


@pytest.fixture(scope="module")
def address(steal: Callable[..., Any]) -> Any:
    """A phony address, and a listener that takes its mail."""
    return steal("smtp", "email-address", toml=DOMAIN)


def letter(to: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "seller@shop.net", to, "Your data"
    made.set_content("https://shop.net/offer\n")
    made.add_attachment(b"invoice", maintype="application", subtype="pdf", filename="i.pdf")
    return made


def test_mail_to_a_phony_person_is_recorded_with_all_that_it_shows(address: Any) -> None:
    to = address.row["email"]
    with smtplib.SMTP("127.0.0.1", address.port, "mx.shop.net", timeout=steady.PATIENCE) as client:
        client.send_message(letter(to.upper()))
    rcpt, mail = address.hit("recipient"), address.hit("mail")
    assert (rcpt.facet, mail.facet) == ("email", "email")
    observed = mail.entry.body["observed"]
    assert (observed["helo"], observed["sender"]) == ("mx.shop.net", "seller@shop.net")
    assert observed["message"]["links"] == ["https://shop.net/offer"]
    assert observed["message"]["attachments"][0]["sha256"] == hashlib.sha256(b"invoice").hexdigest()
    assert mail.facts["network"]["role"] == "mail_server"


def test_swaks_delivers_to_it(address: Any) -> None:
    address.forget()
    address.run(
        "swaks", "--server", f"127.0.0.1:{address.port}", "--to", address.row["email"], "--ehlo", "kali-box"
    )
    observed = address.hit("mail").entry.body["observed"]
    assert observed["helo"] == "kali-box"
    assert observed["client"].startswith("swaks")


def test_smtplib_hands_over_user_and_password(login: Any) -> None:
    with smtplib.SMTP("127.0.0.1", login.port, timeout=steady.PATIENCE) as client:
        client.login(login.row["user"], login.row["password"])
    hit = login.hit("login")
    assert hit.facet == "password"
    assert hit.entry.body["observed"]["user"] == login.row["user"]
    assert hit.facts["network"]["role"] == "client"


def test_smtplib_after_starttls_with_the_installations_own_ca(login: Any) -> None:
    login.forget()
    context = ssl.create_default_context(cadata=login.bait.files[2].content.decode())
    with smtplib.SMTP("127.0.0.1", login.port, timeout=steady.PATIENCE) as client:
        client.starttls(context=context)
        client.login(login.row["user"], login.row["password"])
    assert login.hit("login").entry.body["observed"]["tls"]["version"] == "TLSv1.3"


def test_tls_before_the_greeting_on_its_own_addresses(login: Any) -> None:
    login.forget()
    context = ssl.create_default_context(cadata=login.bait.files[2].content.decode())
    port = int(login.addresses[1].rpartition(":")[2])
    with smtplib.SMTP_SSL("127.0.0.1", port, timeout=steady.PATIENCE, context=context) as client:
        assert "starttls" not in client.esmtp_features
        client.login(login.row["user"], login.row["password"])
    assert login.hit("login").entry.body["observed"]["tls"]["version"] == "TLSv1.3"


def test_the_intruders_test_mail_is_kept_and_goes_nowhere(login: Any) -> None:
    login.forget()
    said = login.run(
        "swaks", "--server", f"127.0.0.1:{login.port}", "--auth", "PLAIN", "--auth-user", login.row["user"],
        "--auth-password", login.row["password"], "--to", "me@intruder.net", "--from", login.row["sender"],
    )  # fmt: skip
    assert "queued as" in said
    hit = login.hit("mail")
    assert hit.facet == "password"
    assert hit.entry.body["observed"]["recipients"] == ["me@intruder.net"]


def test_msmtp_fires_with_the_baits_own_file(login: Any) -> None:
    login.forget()
    login.plant()
    assert login.run("msmtp", "me@intruder.net", stdin="Subject: x\n\nhi\n") == ""
    observed = login.hit("mail").entry.body["observed"]
    assert observed["tls"]["version"].startswith("TLSv1")
    assert observed["message"]["subject"] == "x"


def test_curl_sends_mail(login: Any) -> None:
    login.forget()
    url = f"smtp://127.0.0.1:{login.port}/kali-box"
    who = f"{login.row['user']}:{login.row['password']}"
    login.run(
        "curl",
        "-sS",
        url,
        "--user",
        who,
        "--mail-from",
        "a@b.net",
        "--mail-rcpt",
        "c@d.net",
        "-T",
        "/etc/hostname",
    )
    assert login.hit("mail").entry.body["observed"]["helo"] == "kali-box"


def test_a_known_and_an_unknown_mailbox_get_the_same_answers(address: Any) -> None:
    said = []
    for mailbox in (address.row["email"], "nobody@quiet-post.net"):
        with (
            socket.create_connection(("127.0.0.1", address.port), timeout=steady.PATIENCE) as sock,
            sock.makefile("rb") as lines,
        ):
            sock.sendall(b"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<%s>\r\nQUIT\r\n" % mailbox.encode())
            said.append(lines.read())
    assert said[0] == said[1]


def test_what_does_nothing_is_an_error_after_a_hundred_times() -> None:
    """As Postfix 3.7 does it: the hello counts, and the 120th NOOP is its last."""
    said = answers(talk(b"EHLO x\r\n", b"NOOP\r\n" * 200))
    assert said[1:-1] == [b"250 2.0.0 Ok\r\n"] * 120
    assert said[-1].endswith(b"Error: too many errors\r\n")
    mail = b"MAIL FROM:<a@b>\r\nRCPT TO:<c@quiet-post.net>\r\nDATA\r\n.\r\n"
    assert Close() not in talk(b"EHLO x\r\n", b"NOOP\r\n" * 115, mail, b"NOOP\r\n" * 115), (
        "a mail makes up for it"
    )


def test_of_a_long_line_the_beginning_is_taken() -> None:
    assert answers(talk(b"NOOP " + b"x" * 5000, b"y" * 5000 + b"\r\nRSET\r\n")) == [
        b"250 2.0.0 Ok\r\n",
        b"250 2.0.0 Ok\r\n",
    ]


def test_a_mail_goes_to_a_thousand_and_its_note_names_a_hundred() -> None:
    many = b"".join(b"RCPT TO:<%d@x.net>\r\n" % number for number in range(1001))
    steps = talk(PLAIN, b"MAIL FROM:<a@b>\r\n", many, b"DATA\r\n.\r\n")
    said = answers(steps)
    assert said.count(b"250 2.1.5 Ok\r\n") == 1000
    assert said.count(b"452 4.5.3 Error: too many recipients\r\n") == 1
    mail = notes(steps)[-1]
    assert (mail.what, mail.shown["recipients"]) == ("mail", [f"{number}@x.net" for number in range(100)])
