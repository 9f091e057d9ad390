"""Life signs of a child."""

from __future__ import annotations

from listener.health.checks._child import SILENT_SECONDS, lifesigns
from tests.listener.health.looking import child


def test_one_that_is_well_needs_no_word() -> None:
    assert not list(lifesigns("front", child(1)))


def test_one_that_is_not_known_has_ended() -> None:
    (part,) = lifesigns("front", {})
    assert "has ended (not started)" in part.says


def test_lateness_has_a_bound() -> None:
    assert not list(lifesigns("front", child(1) | {"report_age": SILENT_SECONDS}))
    assert list(lifesigns("front", child(1) | {"report_age": SILENT_SECONDS + 0.1}))
