"""Weighted names: every name as often as its weight says."""

from __future__ import annotations

from collections import Counter

from canaries.content.weighted_names import WeightedNames
from canaries.crypto.seeded_random import SeededRandom


def draws(listed: WeightedNames, count: int) -> Counter[str]:
    stream = SeededRandom(bytes(32))
    return Counter(listed.draw(stream, str(number)) for number in range(count))


def test_a_list_is_names_with_and_without_weights_over_several_lines() -> None:
    listed = WeightedNames.of("\nSmith 70, De Groot 2,\nO'Neil,\nLe Gall\n")
    assert listed.names == ("Smith", "De Groot", "O'Neil", "Le Gall")
    assert listed.sums == (70, 72, 73, 74)


def test_a_name_is_drawn_as_often_as_its_weight_says() -> None:
    counted = draws(WeightedNames.of("Frequent 70, Rare 5, Seldom"), 7600)
    assert set(counted) == {"Frequent", "Rare", "Seldom"}
    assert 6850 < counted["Frequent"] < 7150
    assert 420 < counted["Rare"] < 580
    assert 60 < counted["Seldom"] < 150


def test_the_same_stream_and_label_give_the_same_name() -> None:
    listed = WeightedNames.of("A 3, B 4, C")
    assert draws(listed, 50) == draws(listed, 50)
