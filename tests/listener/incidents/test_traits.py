"""An incident's profile: nothing of robots, no address that many use, no secret of the bait's own."""

from __future__ import annotations

from typing import Any

from canaries.ledger.entries import Entry
from listener.incidents.model import Hit
from listener.incidents.traits import common, profile


def hit(
    number: int = 1,
    *,
    shared: str = "unknown",
    verdict: str = "automated_tool",
    facet: str = "path",
    trap: str = "http",
    facets: tuple[str, ...] = ("path",),
    at: str = "2026-11-22T12:00:00.000000Z",
    **seen: Any,
) -> Hit:
    facts: Any = {
        "network": {"asn": 64500, "role": "client"},
        "netclass": {"shared": shared},
        "client": {"header_order": "abc"},
        "verdict": {"kind": verdict},
    }
    body = {"observed": {"user_agent": "curl/8", "tls": {"ja4": "a_b_c"}, **seen}, "facets": list(facets)}
    entry = Entry(f"{number:032x}", "hit", at, "listener", body, b"", None)
    return Hit(f"{number:032x}", "c1", "url", facet, trap, at, "192.0.2.7", 1, facts, "i1", entry, None)


def test_a_whole_profile() -> None:
    found = profile(
        "i1", [hit(password="Sommer!1987", user="dba", hassh="h")], {"c1": {"placement": frozenset("p")}}
    )
    assert found is not None
    assert found.traits == {
        "canary": {"c1"},
        "placement": {"p"},
        "address": {"192.0.2.7"},
        "asn": {"64500"},
        "ja4": {"a_b_c"},
        "hassh": {"h"},
        "header_order": {"abc"},
        "agent": {"curl/8"},
        "typed": {"password:Sommer!1987", "user:dba"},
    }
    assert found.hours == ()


def test_an_address_that_many_use_is_no_trait_nor_is_its_network() -> None:
    for word in ("yes", "likely"):
        found = profile("i1", [hit(shared=word)], {})
        assert found is not None
        assert not {"address", "asn"} & found.traits.keys()


def test_a_robot_shown_by_its_address_has_no_profile() -> None:
    assert profile("i1", [hit(verdict="likely_preview"), hit(verdict="likely_scanner")], {}) is None


def test_the_address_of_a_robot_by_its_own_word_is_no_trait() -> None:
    """If the word is true, the address fetches for everybody."""
    found = profile("i1", [hit(verdict="claimed_preview")], {})
    assert found is not None
    assert not {"address", "asn"} & found.traits.keys()
    assert {"agent", "ja4"} <= found.traits.keys()


def test_the_baits_own_secret_is_nobodys_typing() -> None:
    found = profile(
        "i1", [hit(facet="password", facets=("password", "user_name"), password="p", user="u")], {}
    )
    assert found is not None
    assert "typed" not in found.traits


def test_the_order_is_told_from_three_different_steps_on() -> None:
    minutes = [f"2026-11-22T12:0{number}:00.000000Z" for number in range(3)]
    traps = ("dns", "http", "ssh")
    three = [
        hit(number, trap=trap, at=at) for number, (trap, at) in enumerate(zip(traps, minutes, strict=True))
    ]
    found, two = profile("i1", three[::-1], {}), profile("i1", three[:2], {})
    assert found is not None
    assert two is not None
    assert found.traits["order"] == {"dns path  > http path  > ssh path "}
    assert "order" not in two.traits


def test_uses_within_half_an_hour_are_one_of_a_rhythm() -> None:
    days = [f"2026-11-{day:02d}T09:{minute:02d}:00.000000Z" for day in range(1, 26) for minute in (0, 10, 20)]
    found = profile("i1", [hit(number, at=at) for number, at in enumerate(days)], {})
    assert found is not None
    assert found.hours == (9,) * 25


def test_what_everybody_has_is_known() -> None:
    assert ("typed", "user:root") in common()
    assert ("header_order", "cb8512bf8946d912") in common(), "curl"
