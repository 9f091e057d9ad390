"""Campaigns among simulated actors: hardly ever strangers, most of an actor's incidents, never by a shared address,
a preview or a scanner."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import pytest

from canaries.core import plugins
from listener.facts import FOLDER, Source
from listener.incidents.campaigns import campaigns, suggest
from listener.incidents.likeness import IncidentLink
from listener.incidents.traits import common
from listener.network_data.datasets import DataSets, load
from tests.listener.incidents.actors import SimulatedWorld, world
from tests.listener.incidents.robots import SORTS, Robots


def pairs_of(groups: list[list[str]]) -> set[tuple[str, str]]:
    return {(min(pair), max(pair)) for group in groups for pair in combinations(group, 2)}


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Source], DataSets]:
    """The sources of facts, and the network data that robots' addresses are drawn from."""
    home = tmp_path_factory.mktemp("home")
    sources = plugins.classes(FOLDER, Source).values()  # type: ignore[type-abstract]
    return sorted((source(home) for source in sources), key=lambda one: (one.order, one.name)), load(home)


def measured(actors: int, visitors: int, seed: int, facts: tuple[list[Source], DataSets]) -> dict[str, float]:
    made = world(actors, visitors, seed, Robots(*facts, seed))
    whose: dict[int, list[str]] = defaultdict(list)
    hosts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, actor in made.actor.items():
        whose[actor].append(name)
    for name, sort in made.robots.items():
        if not sort.listed:
            hosts[sort.name, made.addresses[name]].append(name)
    true, one_host = pairs_of(list(whose.values())), pairs_of(list(hosts.values()))
    found = suggest(made.profiles, common())
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
        "precision of links": sum(link.pair in true | one_host for link in found.links) / len(found.links),
        "precision": len(grouped & (true | one_host)) / len(grouped),
        "scanners": sum("unlisted" in kinds(made, link) for link in found.links if link.pair not in one_host),
        "previews": sum(not PREVIEWS.isdisjoint(kinds(made, link)) for link in found.links),
        "recall": len(grouped & true) / len(true),
        "naive precision": right / naive,
        "naive recall": right / len(true),
    }


PREVIEWS = {sort.name for sort in SORTS} - {"liar", "unlisted"}
"""Robots that nothing may link, though slack and discord fetch from clouds that show nothing."""


def kinds(made: SimulatedWorld, link: IncidentLink) -> set[str]:
    """The sorts of robots in a link."""
    return {made.robots[one].name for one in link.pair if one in made.robots}


def test_actors_with_habits_are_found_among_visitors(facts: tuple[list[Source], DataSets]) -> None:
    """The seed is fixed; `test_two_hundred_actors_among_twenty_thousand_visitors` is the long form."""
    result = measured(60, 3_000, 2, facts)
    check(result)
    assert result["naive recall"] < 0.1, "the same address says little: the control"


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_hundred_actors_among_twenty_thousand_visitors(
    seed: int, facts: tuple[list[Source], DataSets]
) -> None:
    result = measured(200, 20_000, seed, facts)
    print(seed, result)
    check(result)


def check(result: dict[str, float]) -> None:
    """No link has a preview, crawler, listed scanner, gateway or monitor; a scanner that nobody lists is linked with
    itself alone. Somebody who calls themselves Googlebot is a visitor like others."""
    assert result["precision"] >= 0.98, result
    assert result["recall"] >= 0.6, result
    assert result["naive precision"] < 0.1, result
    assert result["previews"] == 0, result
    assert result["scanners"] == 0, result


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
