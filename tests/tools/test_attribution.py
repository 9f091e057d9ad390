"""Visitors of the reference set are told apart as well as the documents say, held cases included."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from tools import attribution
from tools.attribution import FIELDS, Scores

LEAST = {
    "asn": 0.97,
    "country": 0.97,
    "class": 0.90,
    "sort": 0.95,
    "family": 0.95,
    "verdict": 0.95,
    "severity": 0.95,
}


@functools.cache
def scores() -> dict[str, Scores]:
    return attribution.measured()


def test_the_set_is_large_dated_and_a_third_of_it_is_held() -> None:
    about, visits = attribution.read()
    assert len(visits) >= 400
    assert 0.25 < sum(visit.row["held"] for visit in visits) / len(visits) < 0.42
    for visit in visits:
        for source in (visit.row["source"], visit.row["agent_source"]):
            assert about["sources"][source]["date"], source
    assert len({visit.row["ip"] for visit in visits}) >= 400


@pytest.mark.parametrize("name", FIELDS)
def test_of_each_field_enough_is_right(name: str) -> None:
    assert scores()["all"].share(name) >= LEAST[name], scores()["all"].wrong


def test_classes_are_seldom_unknown_and_hardly_ever_wrong() -> None:
    assert scores()["all"].share("class", "unknown") <= 0.10
    assert scores()["all"].share("class", "wrong") <= 0.02


def test_tables_do_not_only_fit_what_was_looked_at() -> None:
    for name in ("class", "family", "verdict"):
        assert scores()["held"].share(name) >= scores()["looked at"].share(name) - 0.03


def test_severity_sorts() -> None:
    assert len(scores()["all"].severities) >= 5
    assert max(scores()["all"].severities.values()) < scores()["all"].severities.total() * 0.6


def test_no_fact_fails() -> None:
    assert not [line for line in scores()["all"].wrong if line.partition(": ")[0] not in FIELDS]


def test_what_is_wrong_is_counted_as_wrong(tmp_path: Path) -> None:
    """The judge itself: a set whose expectations are turned round scores nothing."""
    about, visits = attribution.read()
    row = dict(visits[0].row) | {"country": "ZZ", "class": "", "verdict": "claimed_*|nothing"}
    asked = attribution.sources(tmp_path, [], about["sources"]["tor"])
    judged = attribution.judge([attribution.Visit(row, visits[0].names)], asked)
    assert judged.counts["country"] == {"wrong": 1}
    assert not judged.counts["class"]
    assert judged.share("verdict") == 0


def test_the_page_has_the_scores_and_the_table_of_classes() -> None:
    text = attribution.page(scores())
    assert "| verdict |" in text
    assert "tor_exit" in text
    assert "Severities given" in text
