"""The briefing of a hit."""

from __future__ import annotations

from collections.abc import Callable

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.incidents import queries
from listener.incidents.hit_briefing import brief_hit, severity_of, weightiest, words_of


def test_a_hit_is_briefed_as_its_alert_is(home: Home, strike: Callable[..., str]) -> None:
    strike(home, next(iter(mint(home, "openai-key", memo="build server"))).canary)
    (hit,) = queries.hits(home)
    told = brief_hit(hit, words_of(home, hit))
    assert told.severity == severity_of(hit)
    assert told.headline == f"{told.severity.upper()}: openai key used (build server)"
    assert "198.51.100.7 port 40001" in told.source
    assert "curl/8.5.0" in told.did


def test_a_headline_is_about_the_weightiest_and_of_those_the_earliest(
    home: Home, strike: Callable[..., str]
) -> None:
    link, key = (next(iter(mint(home, kind))).canary for kind in ("url", "openai-key"))
    for canary in (link, key, key):
        strike(home, canary)
    hits = list(queries.hits(home))
    assert weightiest(reversed(hits)) == hits[1]
    assert weightiest([]) is None
