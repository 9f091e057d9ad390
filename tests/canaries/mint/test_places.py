"""Canaries by the place where they were put."""

from __future__ import annotations

from canaries.installation.home import Home
from canaries.mint import places
from canaries.mint.minting import mint
from canaries.plant import noting


def test_words_of_a_place_find_its_canaries(home: Home) -> None:
    first, second, _ = [one.canary.id for one in mint(home, "url", count=3)]
    for canary, where in ((first, "Wiki, page on backups"), (second, "wiki: RUNBOOK"), (first, "share P:")):
        noting.note(home, canary, where)
    assert places.at(home, " WIKI ") == {first, second}
    assert places.at(home, "share p:") == {first}
    assert places.at(home, "nowhere") == set()
