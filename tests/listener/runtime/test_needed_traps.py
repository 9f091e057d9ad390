"""Of the traps that are set up those are needed that live bait leads to; what is not known keeps all of them open."""

from __future__ import annotations

from typing import Any

import pytest

from canaries.core.settings import parse
from canaries.installation.home import Home
from canaries.mint import catalogue
from canaries.mint.minting import mint
from listener.ingest.kinds_watch import KindsWatch
from listener.runtime.front_files import front_files
from listener.runtime.needed_traps import TrapNeeds, needed

TRAPS = {
    name: {"bind": [f"192.0.2.1:{port}"]}
    for port, name in enumerate(["http", "dns", "redis", "ssh", "smtp"], 7001)
}
TRAPS |= {"sensors": {"bind": ["192.0.2.1:7100"]}, "mqtt": {"bind": ["192.0.2.1:0"]}, "vnc": {}}
ALWAYS = frozenset({"http", "sensors", "mqtt"})
"""Where every bait leads; where none does; whose port nobody knows before it is open."""


def of(live: set[str] | None, **bait: str) -> frozenset[str]:
    settings = parse({"traps": TRAPS, "bait": bait}, {})
    return needed(settings, None if live is None else frozenset(live), TRAPS)


@pytest.mark.parametrize(
    ("live", "more"),
    [
        (set(), set()),
        ({"url"}, set()),
        ({"redis-url", "ssh-key"}, {"redis", "ssh"}),
        ({"user"}, {"smtp"}),
        ({"vnc-password"}, {"vnc"}),
        ({"dns-name"}, {"dns"}),
    ],
)
def test_what_bait_leads_to(live: set[str], more: set[str]) -> None:
    assert of(live) == ALWAYS | more


def test_a_catch_domain_needs_its_name_server() -> None:
    assert of(set(), domain="harbour-view.net") == ALWAYS | {"dns"}


def test_what_is_not_known_keeps_all_open() -> None:
    assert of(None) == of({"a kind of another version"}) == frozenset(TRAPS)


def test_it_follows_minting_and_retiring(home: Home) -> None:
    settings: Any = parse({"traps": TRAPS, "listen": {"traps": "needed"}}, {})
    needs = TrapNeeds(home)
    assert needs.of(settings, TRAPS) == ALWAYS, "counted where the front's file is not there"
    front_files(home)
    canary = next(iter(mint(home, "redis-url"))).canary
    assert needs.changed(settings, TRAPS, retry=False) == ALWAYS | {"redis"}
    assert needs.changed(settings, TRAPS, retry=False) is None, "nothing new"
    assert needs.changed(settings, TRAPS, retry=True) == ALWAYS | {"redis"}
    catalogue.retire(home, canary.id, "")
    KindsWatch(home).look()  # the back's
    assert needs.changed(settings, TRAPS, retry=False) == ALWAYS


def test_without_the_setting_nothing_is_asked(home: Home) -> None:
    settings = parse({"traps": TRAPS}, {})
    assert TrapNeeds(home).of(settings, TRAPS) is None
    assert TrapNeeds(home).changed(settings, TRAPS, retry=False) == frozenset(TRAPS)
    assert TrapNeeds(home, always=True).of(settings, TRAPS) == ALWAYS
    wanted = parse({"traps": TRAPS, "listen": {"traps": "needed"}}, {})
    assert TrapNeeds(home, never=True).of(wanted, TRAPS) is None
