"""The check of legal holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from canaries.installation.home import Home
from canaries.operators import holds
from listener.health.checks.holds import HoldsCheck


def test_without_a_hold_it_says_nothing(home: Home, look: Any) -> None:
    assert look(HoldsCheck) == []


@pytest.mark.parametrize(
    ("days", "level", "says"),
    [(60, "well", "1 hold, the next review is due"), (10, "note", "is due"), (-1, "failing", "was due")],
)
def test_a_review_is_announced_and_an_overdue_one_fails(
    home: Home, look: Any, monkeypatch: pytest.MonkeyPatch, days: int, level: str, says: str
) -> None:
    day = home.clock.now().date() + timedelta(days=days)
    monkeypatch.setattr(holds, "_future", lambda *_: None)
    holds.place(home, "incident", "ab" * 8, owner="counsel", reason="a claim", review=day)
    (state,) = look(HoldsCheck)
    assert state.level == level
    assert says in state.says
    assert day.isoformat() in state.says
