"""The check of the front process and its traps."""

from __future__ import annotations

from typing import Any

import pytest

from listener.health.checks.front import FrontCheck
from tests.listener.health.looking import failures, notes


def test_well_names_each_trap(look: Any, well_answer: dict[str, Any]) -> None:
    parts = look(FrontCheck, well_answer)
    assert [(one.part, one.says) for one in parts] == [("trap http", "open on 127.0.0.1:8080")]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (
            {"state": "ended", "last_end": "signal SIGKILL", "retry_in": 12.0},
            "SIGKILL, next try in 12 seconds",
        ),
        ({"state": "ended", "problem": "no such key"}, "no such key"),
        ({"report_age": 9.5}, "has said nothing for 10 seconds"),
        (
            {"report": {"journal": "the journal is over its limit", "unwritten": 7}},
            "over its limit (7 refused)",
        ),
        ({"report": {"journal": "the journal cannot be written: No space left on device"}}, "No space left"),
    ],
)
def test_what_is_wrong_is_named(look: Any, well_answer: dict[str, Any], change: Any, word: str) -> None:
    well_answer["front"] |= change
    assert word in failures(look(FrontCheck, well_answer))


@pytest.mark.parametrize("what", ["refused", "dropped", "unrecorded"])
def test_what_a_trap_refused_is_counted(look: Any, well_answer: dict[str, Any], what: str) -> None:
    well_answer["front"]["report"]["traps"] = {"http": {what: 3}}
    assert f"trap http: since the front began: 3 {what}" in notes(look(FrontCheck, well_answer))


def test_one_that_came_back_lately(look: Any, well_answer: dict[str, Any]) -> None:
    well_answer["front"] |= {"restarts": 4, "last_end": "exit status 1", "seconds": 20.0}
    assert "started again 4 times, last after exit status 1" in notes(look(FrontCheck, well_answer))


def test_nothing_without_an_answer(look: Any) -> None:
    assert look(FrontCheck, None) == []


def test_a_trap_that_is_shut_is_named_and_is_no_failure_unless_bait_leads_there(
    look: Any, well_answer: dict[str, Any]
) -> None:
    well_answer["shut"] = {"ssh": "no live bait leads to it"}
    parts = look(FrontCheck, well_answer)
    assert not failures(parts)
    assert ("trap ssh", "shut: no live bait leads to it; it opens when some is minted") in [
        (one.part, one.says) for one in parts
    ]
    well_answer["shut"] = {"ssh": "cannot listen on 127.0.0.1:22: another program holds that port"}
    assert "trap ssh: bait leads there, and it is shut: cannot listen" in failures(
        look(FrontCheck, well_answer)
    )
