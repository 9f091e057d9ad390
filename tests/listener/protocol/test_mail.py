"""Reading messages: honest ones, and whatever else a stranger may put behind DATA."""

from __future__ import annotations

import hashlib
from email.message import EmailMessage

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import mail


def message() -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Zoë Ångström <zoe@sender.net>"
    made["To"] = "jane@quiet-post.net"
    made["Subject"] = "Ihre Rechnung für März"
    made["X-Mailer"] = "swaks v1"
    made.set_content("Please see https://pay.evil.net/a?b=1&c=2.\nThanks\n")
    made.add_alternative(
        '<a href="https://pay.evil.net/x?a=1&amp;b=2">pay</a> <img src=http://t.evil.net/p.gif>', "html"
    )
    made.add_attachment(b"%PDF-1.7 rest", maintype="application", subtype="pdf", filename="Rechnung März.pdf")
    return made


def test_headers_links_and_attachments_are_read() -> None:
    letter = mail.read_letter(message().as_bytes())
    assert letter.client == "swaks v1"
    assert letter.shown["subject"] == "Ihre Rechnung für März"
    assert letter.shown["from"] == "Zoë Ångström <zoe@sender.net>"
    assert [name for name, _ in letter.shown["headers"]][:4] == ["From", "To", "Subject", "X-Mailer"]
    assert letter.shown["links"] == [
        "https://pay.evil.net/a?b=1&c=2",
        "https://pay.evil.net/x?a=1&b=2",
        "http://t.evil.net/p.gif",
    ]
    assert letter.shown["attachments"] == [
        {
            "name": "Rechnung März.pdf",
            "type": "application/pdf",
            "bytes": 13,
            "sha256": hashlib.sha256(b"%PDF-1.7 rest").hexdigest(),
        }
    ]


def test_words_come_from_decoded_bodies() -> None:
    made = EmailMessage()
    made.set_content("key: Zq8-secretsecretsecret äöü", cte="base64")
    assert b"Zq8-secretsecretsecret" not in made.as_bytes()
    assert b"Zq8-secretsecretsecret" in b" ".join(mail.read_letter(made.as_bytes()).texts)


def test_an_attachment_that_was_cut_has_no_hash() -> None:
    raw = message().as_bytes()
    whole, cut = mail.read_letter(raw), mail.read_letter(raw[:-60], whole=False)
    assert "sha256" in whole.shown["attachments"][0]
    assert "sha256" not in cut.shown["attachments"][0]
    assert cut.shown["attachments"][0]["cut"] is True


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"DATA\r\nSubject: x\r\n\r\nhi\r\n.\r\n", (b"Subject: x\r\n\r\nhi\r\n", True)),
        (b"MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\ndata\r\nhi\r\n.\r\nQUIT\r\n", (b"hi\r\n", True)),
        (b"hi\n.\n", (b"hi\n", True)),
        (b".\r\n", (b"", True)),
        (b"..dot\r\nx.\r\n...\r\n.\r\n", (b".dot\r\nx.\r\n..\r\n", True)),
        (b"cut of", (b"cut of", False)),
        (b"To: x\r\n\r\nnext line:\r\nDATA\r\n.\r\n", (b"To: x\r\n\r\nnext line:\r\nDATA\r\n", True)),
    ],
)
def test_the_message_is_found_in_the_raw_bytes(raw: bytes, expected: tuple[bytes, bool]) -> None:
    assert mail.unstuffed(raw) == expected


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        (b"FROM:<a@b.net>", ("a@b.net", "")),
        (b"FROM: <a@b.net> SIZE=12 BODY=8BITMIME", ("a@b.net", "SIZE=12 BODY=8BITMIME")),
        (b"from:a@b.net", ("a@b.net", "")),
        (b"TO:<@one,@two:c@d.net>", ("c@d.net", "")),
        (b"FROM:<>", ("", "")),
        (b"FROM", None),
        (b"FROM:", None),
        (b"FROM:<a", None),
    ],
)
def test_envelopes(argument: bytes, expected: tuple[str, str] | None) -> None:
    assert mail.path(argument) == expected


def test_addresses_fold_and_show_their_local_part() -> None:
    assert mail.addresses(["Jane.Doe+x@Quiet-Post.net"]) == ["jane.doe+x@quiet-post.net", "jane.doe+x"]


@given(st.binary(max_size=400))
def test_any_message_is_observed_and_nothing_is_raised(raw: bytes) -> None:
    observed = mail.MailObserved()
    assert all(isinstance(word, bytes) for word in mail.observe(raw, observed))
    assert "message" in observed
    msgspec.json.encode(observed)  # as the ledger will


HOSTILE = [
    b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n",
    b"Content-Type: text/plain; charset=\x00\r\n\r\nhi",
    b"Content-Type: text/plain; charset=base64\r\n\r\nhi",
    b"Content-Transfer-Encoding: base64\r\n\r\n=?!",
    b"Content-Disposition: attachment; filename*=utf-9''%ff%fe\r\n\r\nx",
    b"Content-Disposition: attachment; filename*0*=x; filename*2=y\r\n\r\nx",
    b"Subject: =?utf-8?b?!!!?= =?nonsense?q?=ff?= =?\r\n\r\n",
    b"Content-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\n" * 20,
    b"Subject: =?utf-7?q?+2AA-?= =?unicode-escape?q?=5Cud800?=\r\n\r\n",
    b"Content-Type: text/html; charset=utf-7\r\n\r\nhttp://x.net/+2AA-",
    b"X\x80Y: z\r\nContent-Type: a\x80/b\r\n\r\n",
    b": nothing\r\n\x80: \x80\r\n\r\n",
]


@pytest.mark.parametrize("raw", HOSTILE)
def test_known_tricks_leave_a_readable_message(raw: bytes) -> None:
    observed = mail.MailObserved()
    list(mail.observe(raw, observed))
    shown = observed["message"]
    assert isinstance(shown, dict)
    assert "headers" in shown
    msgspec.json.encode(observed)


@pytest.mark.parametrize(
    "bomb",
    [
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 100,
        b"Content-Type: message/rfc822\r\n\r\n" * 1000,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\n\n" * 50_000,
    ],
)
def test_of_a_message_in_too_many_parts_the_headers_are_read(bomb: bytes) -> None:
    shown = mail.read_letter(b"Subject: boom\r\n" + bomb).shown
    assert shown["subject"] == "boom"
    assert shown["unread"] == "too many parts"


@pytest.mark.parametrize("value", [b"=?x?q?" * 100_000, b'a=";' * 100_000, b"x" * 1_000_000])
def test_headers_are_cut_before_anything_looks_into_them(value: bytes) -> None:
    letter = mail.read_letter(b"Subject: " + value + b"\r\nContent-Type: text/plain;" + value + b"\r\n\r\n")
    assert all(len(text) <= 1000 for _, text in letter.shown["headers"])


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=2, max_size=5))
def test_a_message_by_bdat_is_put_together(pieces: list[bytes]) -> None:
    heads = [b"BDAT %d%s\r\n" % (len(piece), b" LAST" if piece is pieces[-1] else b"") for piece in pieces]
    said = b"".join(head + piece for head, piece in zip(heads, pieces, strict=True))
    assert mail.chunks(said) == [b"".join(pieces)]
    assert mail.chunks(said[len(heads[0]) :])[0].startswith(pieces[0])


@given(st.binary(max_size=300))
def test_no_bytes_raise_in_looking_for_chunks(data: bytes) -> None:
    mail.chunks(b"BDAT 7\r\n" + data)
