"""What of a hit is exchanged: observed and claimed apart, texts visible, an address only where it is one."""

from __future__ import annotations

import pytest

from listener.dossier.exports import ExchangeCase
from listener.dossier.exports._event import ip_of, uid


def test_by_time_with_entry_and_leaf(exchanged: ExchangeCase) -> None:
    assert [event.index for event in exchanged.events] == [1, 2, 3, 4, 5, 6]
    assert all(len(event.leaf) == 64 for event in exchanged.events)


def test_how_an_address_is_known(exchanged: ExchangeCase) -> None:
    known = [(event.origin, event.ip) for event in exchanged.events]
    assert known[:3] == [("observed", "203.0.113.7"), ("claimed", "198.51.100.9"), ("resolver", "192.0.2.53")]
    assert known[3:] == [("relay", "2001:db8::1"), ("claimed", ""), ("observed", "2001:db8::7")]
    assert exchanged.events[1].peer_ip == "203.0.113.7"


def test_texts_are_visible_and_bounded(exchanged: ExchangeCase) -> None:
    first = exchanged.events[0]
    for text in (first.client, first.target, str(first.facts)):
        assert "\u202e" not in text
        assert "\x1b" not in text
    assert "\\x1b" in first.client


@pytest.mark.parametrize(("text", "ip"), [("::FFFF:1", "::ffff:1"), ("unknown", ""), ("1.2.3", ""), ("", "")])
def test_addresses(text: str, ip: str) -> None:
    assert ip_of(text) == ip


def test_ids_follow_from_their_parts() -> None:
    assert uid("a", "b") == uid("a", "b") != uid("ab")
