"""A message out of a mailbox: read as at the SMTP trap, but for the dots, and marked as another server's word."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from listener.evidence.sighting import Sighting
from listener.sensors.mailbox_reading import read_mailbox_message


def sighting(raw: bytes, size: int = 0, **notes: object) -> Sighting:
    said = {
        "mailbox": "june",
        "address": "June.K@provider.example",
        "server": "imap.provider.example",
        **notes,
    }
    return Sighting(
        "0" * 32, "sensors", 0, ("127.0.0.1", 0), ("127.0.0.1", 0), "imap", raw, size or len(raw), "f", 0, 0, {},
        via={"how": "mailbox", "chain": ["june"]}, answer="mailbox", notes=said,
    )  # fmt: skip


def test_a_message_is_read_and_marked() -> None:
    raw = b"From: a@b.example\r\nSubject: Alert\r\nX-Mailer: m\r\n\r\nfirst\r\n.\r\n..last https://x.example/y\r\n"
    found = read_mailbox_message(sighting(raw, folder="INBOX", uidvalidity=7, uid=3, arrived=1_790_000_000))
    seen: Any = found.observed
    assert seen["mailbox"] == {
        "source": "provider_mailbox",
        "clock": "theirs",
        "name": "june",
        "server": "imap.provider.example",
        "folder": "INBOX",
        "uidvalidity": 7,
        "uid": 3,
    }
    assert seen["reported"] == {"at": "2026-09-21T14:13:20.000000Z"}
    assert (seen["request"], seen["recipients"], seen["client"]) == ("mail", ["June.K@provider.example"], "m")
    assert seen["message"]["headers"][0] == ["From", "a@b.example"]
    assert seen["message"]["links"] == ["https://x.example/y"], "a line with a dot alone is no end here"
    assert b"june.k@provider.example" in set(found.candidates)


def test_a_shared_mailbox_reaches_whom_the_headers_name() -> None:
    raw = b"Delivered-To: june.k@provider.example\r\nTo: all@x.example\r\n\r\nx\r\n"
    found = read_mailbox_message(sighting(raw, address=""))
    assert "recipients" not in found.observed
    assert b"june.k@provider.example" in set(found.candidates)
    assert b"june.k@provider.example" not in set(
        read_mailbox_message(sighting(b"To: x\r\n\r\n", address="")).candidates
    )


def test_one_without_its_words_reached_the_mailbox_all_the_same() -> None:
    found = read_mailbox_message(sighting(b"", unread="the server did not hand it over"))
    assert found.observed["unread"] == "the server did not hand it over"
    assert b"june.k@provider.example" in set(found.candidates)


@given(st.binary(max_size=2000), st.integers(0, 5000))
def test_no_message_breaks_the_reader(raw: bytes, more: int) -> None:
    found = read_mailbox_message(sighting(raw, len(raw) + more))
    assert b"june.k@provider.example" in set(found.candidates)
