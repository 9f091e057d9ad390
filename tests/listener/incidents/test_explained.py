"""Every explanation is weighed by all hits of the incident."""

from __future__ import annotations

from collections.abc import Callable

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.incidents import explained, operator_acts, queries
from listener.incidents.hypotheses import KEYS


def test_it_counts_all_hits_and_names_the_last_rating(home: Home, strike: Callable[..., str]) -> None:
    canary = next(mint(home, "url")).canary
    hits = [strike(home, canary) for _ in range(3)]
    incident = queries.one(home, hits[0]).incident
    operator_acts.rate(home, incident, "tester", "unlikely", "no letter")
    found = {one["hypothesis"]: one for one in explained.listing(home, queries.incident(home, incident))}
    assert tuple(found) == KEYS
    assert found["tester"]["rated"]["because"] == "no letter"
    said = [line for one in found.values() for line in (*one["for"], *one["against"])]
    assert any(line.startswith("all 3 hits") for line in said)
