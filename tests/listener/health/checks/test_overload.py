"""Overload is said, with its counts."""

from __future__ import annotations

from typing import Any

from listener.health.checks.overload import OverloadCheck
from tests.listener.health.looking import failures


def test_nothing_is_well(look: Any, well_answer: dict[str, Any]) -> None:
    assert [one.part for one in look(OverloadCheck, well_answer)] == ["overload"]
    assert failures(look(OverloadCheck, well_answer)) == ""
    assert look(OverloadCheck, None) == []


def test_an_episode_is_failing_with_its_counts(look: Any, well_answer: dict[str, Any]) -> None:
    well_answer["front"]["report"]["overload"] = {
        "trap ssh": {"seconds": 42.4, "counts": {"refused": 7, "evicted": 3}},
        "journal": {"seconds": 3.0, "counts": {"cut": 12}},
    }
    said = failures(look(OverloadCheck, well_answer))
    assert "overload trap ssh: for 42 seconds: 3 evicted" in said
    assert "7 refused" in said
    assert "overload journal: for 3 seconds: 12 cut" in said


def test_where_nobody_was_turned_away_no_source_is_blamed(look: Any, well_answer: dict[str, Any]) -> None:
    report = well_answer["back"].setdefault("report", {})
    report["overload"] = {"intake": {"seconds": 3.0, "counts": {"late": 1}}}
    [late] = [part for part in look(OverloadCheck, well_answer) if part.part == "overload intake"]
    assert "firewall" not in late.hint
    report["overload"] = {"intake": {"seconds": 3.0, "counts": {"late": 1, "full": 1}}}
    [full] = [part for part in look(OverloadCheck, well_answer) if part.part == "overload intake"]
    assert "firewall" in full.hint
