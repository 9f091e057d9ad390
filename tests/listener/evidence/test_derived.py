"""A fact is named by its source, and one that no shape names is passed on like the others."""

from __future__ import annotations

from typing import Any

from listener.evidence.derived import Facts, by_name


def test_facts_of_somebody_elses_source_are_told_too() -> None:
    facts: Any = {"network": {"asn": 64500}, "another": {"source": "a list", "seen": 3}}
    assert by_name(facts) == [("another", {"source": "a list", "seen": 3}), ("network", {"asn": 64500})]


def test_no_fact_must_be_there() -> None:
    assert Facts.__required_keys__ == frozenset()
    assert by_name({}) == []
