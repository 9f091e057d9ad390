"""Every part of a message counts, by every way on which one comes; what cannot be read has no words."""

from __future__ import annotations

from email.message import EmailMessage

import msgspec
import pytest

from listener.evidence.reading import Reading
from listener.evidence.shapes import Observed
from listener.evidence.sighting import Sighting
from listener.ingest.message_words import UNREAD, words_of
from listener.sensors.wording_match import fits
from tests.listener.http.test_push_request import LOOKUP, raw

READ = Reading(Observed(request="mail"))


def seen(trap: str, content: bytes, **notes: object) -> Sighting:
    return Sighting(
        "0" * 32,
        trap,
        0,
        ("127.0.0.1", 0),
        ("127.0.0.1", 0),
        "tcp",
        content,
        len(content),
        "f",
        0,
        0,
        {},
        notes=notes,
    )


def mailed(**parts: str) -> bytes:
    message = EmailMessage()
    message["Subject"] = "Alert"
    for subtype, content in parts.items():
        message.add_alternative(
            content, subtype=subtype
        ) if message.is_multipart() or subtype != "plain" else (message.set_content(content))
    return message.as_bytes()


def test_text_and_html_are_two_parts_each_with_and_without_the_subject() -> None:
    content = mailed(plain="All clear", html="<b>Turn</b> yourself in")
    for sighting in (
        seen("smtp", b"DATA\r\n" + content + b"\r\n.\r\n"),
        seen("sensors", content, mailbox="june"),
    ):
        found = words_of("email", sighting, READ, LOOKUP)
        assert found is not None
        plain, page = found
        assert plain[0].strip() == "All clear"
        assert any("Alert All clear" in form for form in plain)
        assert any(form.split() == ["Turn", "yourself", "in"] for form in page)


def test_a_lone_dot_ends_mail_at_the_trap_and_none_in_a_mailbox() -> None:
    content = b"Subject: x\r\n\r\nAll clear\r\n.\r\nTurn yourself in\r\n"
    trap = words_of("email", seen("smtp", b"DATA\r\n" + content), READ, LOOKUP)
    mailbox = words_of("email", seen("sensors", content, mailbox="june"), READ, LOOKUP)
    assert "Turn" not in str(trap)
    assert "Turn yourself in" in str(mailbox)


def test_a_message_without_a_text_is_its_subject() -> None:
    assert words_of(
        "email", seen("sensors", b"Subject: All clear\r\n\r\n", mailbox="june"), READ, LOOKUP
    ) == [["All clear"]]


def test_a_text_message_and_a_recipient_without_a_message() -> None:
    assert words_of("number", seen("sensors", b"", message="All clear"), READ, LOOKUP) == [["All clear"]]
    assert words_of("email", seen("smtp", b""), Reading(Observed(request="recipient")), LOOKUP) == []
    assert words_of("email", seen("http", b""), READ, LOOKUP) is None
    assert words_of("email", seen("sensors", b""), READ, LOOKUP) is None


def test_what_cannot_be_read_has_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise AttributeError

    monkeypatch.setattr("listener.protocol.mail.read_letter", fails)
    assert words_of("email", seen("sensors", b"", mailbox="june"), READ, LOOKUP) == UNREAD
    assert words_of("push_endpoint", seen("http", raw(b"x" * 200)), READ, LOOKUP) == UNREAD
    assert words_of("push_endpoint", seen("http", raw(b"", "GET")), READ, LOOKUP) is None
    assert words_of("push_endpoint", seen("sensors", raw(b"x")), READ, LOOKUP) is None


def found_in(content: bytes, size: int = 0) -> str:
    sighting = seen("sensors", content, mailbox="june")
    if size:
        sighting = msgspec.structs.replace(sighting, size=size)
    return str(words_of("email", sighting, READ, LOOKUP))


def test_words_hide_nowhere() -> None:
    """Each is a message that a mail program would show with the false words in it."""
    named = b'Content-Type: text/html; name="a.html"\r\nContent-Disposition: inline\r\n\r\nTurn yourself in'
    head = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nAll clear\r\n--x\r\n"
    assert "Turn yourself in" in found_in(head + named + b"\r\n--x--\r\n")
    brackets = seen("sensors", b"\r\nAll clear <Turn yourself in>", mailbox="june")
    parts = words_of("email", brackets, READ, LOOKUP)
    assert parts is not None
    assert not any(fits("All clear", form) for form in parts[0])
    far = seen("sensors", b"\r\nAll clear" + b" " * 250_000 + b"Turn yourself in", mailbox="june")
    parts = words_of("email", far, READ, LOOKUP)
    assert parts is not None
    assert not any(fits("All clear", form) for form in parts[0])
    for page in (b"All clear", b"<p>All clear"):
        long = b"Content-Type: text/html\r\n\r\n" + page + b" " * 250_000 + b"Turn yourself in"
        parts = words_of("email", seen("sensors", long, mailbox="june"), READ, LOOKUP)
        assert parts is not None
        assert not any(fits("All clear", form) for form in parts[0])


def test_what_was_not_read_whole_has_no_words() -> None:
    assert found_in(b"\r\nAll clear", size=5_000_000) == str(UNREAD)
    many = b"--x\r\n\r\nAll clear\r\n" * 300
    assert found_in(b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + many + b"--x--\r\n") == str(UNREAD)
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (one, one) for one in range(60)
    )
    assert found_in(deep + b"\r\nAll clear") == str(UNREAD)
