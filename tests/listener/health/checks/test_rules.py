"""The check of marking rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from canaries.core.clock import rfc3339
from canaries.installation.home import Home
from listener.health.checks.rules import RulesCheck
from listener.notify import rules


def test_without_a_rule_it_says_nothing(home: Home, look: Any) -> None:
    assert look(RulesCheck) == []


@pytest.mark.parametrize(("days", "level"), [(1, "well"), (30, "well"), (32, "note")])
def test_a_rule_that_nobody_reviewed_for_a_month_is_told(
    home: Home, look: Any, monkeypatch: pytest.MonkeyPatch, days: int, level: str
) -> None:
    then = rfc3339(home.clock.now() - timedelta(days=days))
    with monkeypatch.context() as earlier:
        earlier.setattr(type(home), "now", lambda _: then)
        made = rules.add(
            home, "own", expires_at="2099-01-01T00:00:00.000000Z", reason="ours", networks=["192.0.2.1"]
        )
    (state,) = look(RulesCheck)
    assert state.level == level
    rules.review(home, made.id, "2099-02-01T00:00:00.000000Z", "still ours")
    (state,) = look(RulesCheck)
    assert state.level == "well"
