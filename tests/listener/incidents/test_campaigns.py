"""Campaigns among simulated actors: hardly ever strangers, most of an actor's incidents, never by a shared address."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import pytest

from listener.incidents.campaigns import campaigns, suggest
from listener.incidents.likeness import IncidentLink
from tests.listener.incidents.actors import world


def pairs_of(groups: list[list[str]]) -> set[tuple[str, str]]:
    return {(min(pair), max(pair)) for group in groups for pair in combinations(group, 2)}


def measured(actors: int, visitors: int, seed: int) -> dict[str, float]:
    made = world(actors, visitors, seed)
    whose: dict[int, list[str]] = defaultdict(list)
    for name, actor in made.actor.items():
        whose[actor].append(name)
    true = pairs_of(list(whose.values()))
    found = suggest(made.profiles)
    grouped = pairs_of([list(group) for group in found.campaigns])
    at: dict[str, list[str]] = defaultdict(list)
    for name, address in made.addresses.items():
        at[address].append(name)
    naive = right = 0
    for group in at.values():
        naive += len(group) * (len(group) - 1) // 2
        right += len(pairs_of([[name for name in group if name in made.actor]]) & true)
    return {
        "links": len(found.links),
        "precision of links": sum(link.pair in true for link in found.links) / len(found.links),
        "precision": len(grouped & true) / len(grouped),
        "recall": len(grouped & true) / len(true),
        "naive precision": right / naive,
        "naive recall": right / len(true),
    }


def test_actors_with_habits_are_found_among_visitors() -> None:
    """The seed is fixed; `test_two_hundred_actors_among_twenty_thousand_visitors` is the long form."""
    result = measured(60, 3_000, 2)
    assert result["precision"] >= 0.98, result
    assert result["recall"] >= 0.6, result
    assert result["naive precision"] < 0.1, "the same address says little: the control"
    assert result["naive recall"] < 0.1, result


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_hundred_actors_among_twenty_thousand_visitors(seed: int) -> None:
    result = measured(200, 20_000, seed)
    print(seed, result)
    assert result["precision"] >= 0.98, result
    assert result["recall"] >= 0.6, result
    assert result["naive precision"] < 0.1, result


def link(one: str, other: str, bits: float = 1.0) -> IncidentLink:
    return IncidentLink((one, other), bits, ())


def test_no_chain_of_links_joins_strangers() -> None:
    chain = [link("a", "b", 4), link("c", "d", 3), link("b", "c", 2)]
    assert campaigns(chain) == [["a", "b"], ["c", "d"]], "one of four pairs is linked"
    triangle = [link("a", "b", 4), link("b", "c", 3), link("a", "c", 2)]
    assert campaigns(triangle) == [["a", "b", "c"]]


def test_what_an_operator_rejected_is_in_no_campaign_and_no_link() -> None:
    made = world(20, 300, 5)
    found = suggest(made.profiles)
    first = found.links[0].pair
    again = suggest(made.profiles, apart=frozenset({first}))
    assert first not in {item.pair for item in again.links}
    assert not any(set(first) <= set(group) for group in again.campaigns)
    assert campaigns([link("a", "b"), link("b", "c"), link("a", "c")], frozenset({("a", "c")})) == [
        ["a", "b"]
    ]
