"""A law that is asked of many things."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.every import every


@every("side", ["left", "right"])
@every("number", [1, 2, 3])
def test_each_pair_is_asked_and_fixtures_are_given(side: str, number: int, record: list[Any]) -> None:
    record.append((side, number))


@pytest.fixture
def record() -> Any:
    found: list[Any] = []
    yield found
    assert len(found) == len(set(found)) == 6


def test_every_offender_is_named_and_none_stops_the_others() -> None:
    seen = []

    @every("number", range(30))
    def law(number: int) -> None:
        seen.append(number)
        assert number < 5, "too large"
        if number == 3:
            raise KeyError("no such thing")

    with pytest.raises(AssertionError) as caught:
        law()
    said = str(caught.value)
    assert seen == list(range(30))
    assert "26 of 30:" in said
    assert "3: KeyError: 'no such thing'" in said
    assert "7: AssertionError: too large" in said
    assert "and 6 more" in said


@every("name", ["TRAPLINE_ONE", "TRAPLINE_TWO"])
def test_what_one_changed_is_undone_before_the_next(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not {"TRAPLINE_ONE", "TRAPLINE_TWO"} & os.environ.keys()
    monkeypatch.setenv(name, "1")


def test_nothing_to_ask_is_a_failure() -> None:
    @every("number", [])
    def law(number: int) -> None:
        raise LookupError(number)

    with pytest.raises(AssertionError, match="there is no number"):
        law()
