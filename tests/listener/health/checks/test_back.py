"""The check of the back process and its loops."""

from __future__ import annotations

from typing import Any

import pytest

from listener.health.checks.back import BackCheck
from tests.listener.health.looking import failures


def test_well(look: Any, well_answer: dict[str, Any]) -> None:
    (part,) = look(BackCheck, well_answer)
    assert part.level == "well"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"state": "ended", "last_end": "exit status 2"}, "exit status 2"),
        ({"report_age": 60.0}, "has said nothing for 60 seconds"),
        ({"state": "waiting", "problem": "the database is away"}, "waits: the database is away"),
        ({"state": "waiting", "problem": "another listener is draining"}, "another listener is draining"),
    ],
)
def test_what_is_wrong_is_named(look: Any, well_answer: dict[str, Any], change: Any, word: str) -> None:
    well_answer["back"] |= change
    assert word in failures(look(BackCheck, well_answer))


@pytest.mark.parametrize("part", ["sealer", "courier", "intake", "data", "health"])
@pytest.mark.parametrize(("state", "word"), [("stopped", "has stopped"), ("waits", "waits")])
def test_o3_each_loop_that_does_not_run_is_named(
    look: Any, well_answer: dict[str, Any], part: str, state: str, word: str
) -> None:
    well_answer["back"]["report"]["parts"][part] = {"state": state, "problem": "its reason", "since": 1.0}
    assert f"{part}: {word}: its reason" in failures(look(BackCheck, well_answer))
