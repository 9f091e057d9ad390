"""Complaints: one an address that used bait itself, with what a provider needs and no accusation."""

from __future__ import annotations

import pytest

from listener.dossier.exports import ExchangeCase
from listener.dossier.exports._abuse import complaints, xarf
from tests.listener.dossier.exports.conftest import PEER, event, made, with_facts


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


def test_one_use_is_one_use_and_of_one_moment() -> None:
    (found,) = complaints(made("", "", [event(1)]))
    assert found.text.startswith("1 use of decoy material from 203.0.113.7, source port 40001, at 2026")
    (found,) = complaints(made("", "", [event(1), event(2)]))
    assert found.text.startswith(
        "2 uses of decoy material from 203.0.113.7, first source port 40001, from 2026"
    )


def test_what_is_said_is_said_of_all_uses_not_of_the_first() -> None:
    claimed = event(
        2, peer={"ip": "192.0.2.99", "port": 1}, via={"how": "proxy-protocol", "client": ["x", 1]}
    )
    ntp = event(3, clock={"source": "ntp", "offset_us": 9})
    (found,) = complaints(made("", "", [event(1), claimed, ntp]))
    assert (
        "observed as the peer of the connection in 2 of them, and named by our own proxy in 1" in found.text
    )
    assert "clock not known to be right (2 of 3); clock synchronised" in found.text


@pytest.mark.parametrize(
    "facts",
    [
        {"operator_rule": {"rule": "r", "mark": "own", "owner": "bob", "reason": "x"}},
        {"verdict": {"kind": "likely_preview", "severity": "info"}},
        {"network": {"scope": "private"}},
    ],
)
def test_a_desk_is_not_told_of_what_it_laughs_at(facts: dict[str, object]) -> None:
    """The operator's own tests, link previews, and addresses that nobody outside answers for."""
    assert list(complaints(made("", "", [with_facts(event(1), **facts)]))) == []
    (left,) = complaints(made("", "", [with_facts(event(1), **facts), event(2)]))
    assert len(left.events) == 1


def test_a_list_that_is_cut_says_so() -> None:
    many = [event(1, source={**PEER, "port": port}, peer={**PEER, "port": port}) for port in range(1, 1_003)]
    (found,) = complaints(made("", "", many))
    assert found.text.startswith("1002 uses")
    assert "The list has the first 1000 uses." in found.text
    assert len(found.table.splitlines()) == 1_001
    assert len(found.text) < 1_000


def test_the_interface_of_a_link_local_address_is_not_told() -> None:
    end = {"ip": "fe80::1%eth0", "port": 3}
    (found,) = complaints(made("", "", [event(1, source=end, peer=end)]))
    assert xarf(found)["source_identifier"] == "fe80::1"
