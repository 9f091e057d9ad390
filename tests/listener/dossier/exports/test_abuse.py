"""Complaints: one an address that used bait itself, with what a provider needs and no accusation."""

from __future__ import annotations

from listener.dossier.exports import ExchangeCase
from listener.dossier.exports._abuse import complaints, xarf


def test_resolvers_and_relays_are_not_complained_of(exchanged: ExchangeCase) -> None:
    assert [found.ip for found in complaints(exchanged)] == ["198.51.100.9", "2001:db8::7", "203.0.113.7"]


def test_the_text_fits_and_says_how_the_address_is_known(exchanged: ExchangeCase) -> None:
    claimed, _, observed = complaints(exchanged)
    assert "named by our own proxy" in claimed.text
    assert "source port not known" in claimed.text
    assert "observed as the peer" in observed.text
    assert "clock not known to be right" in observed.text
    assert all(len(found.text) < 1_000 for found in (claimed, observed))


def test_without_a_port_it_is_no_login_attack(exchanged: ExchangeCase) -> None:
    kinds = {found.ip: xarf(found)["type"] for found in complaints(exchanged)}
    assert kinds == {
        "198.51.100.9": "reconnaissance",
        "2001:db8::7": "login_attack",
        "203.0.113.7": "login_attack",
    }
