"""A test-fire marks uses of one's own canary, for an hour at most."""

from __future__ import annotations

from collections.abc import Callable

from canaries.mint import catalogue
from listener.incidents import queries
from tests.listener.api.conftest import Desk, Story


def test_uses_are_marked_as_a_test(desk: Desk, story: Story, strike: Callable[..., str]) -> None:
    home, path = desk.home, f"/canaries/{story.own}/test-fire"
    made = desk.ask("planter", "POST", path, json={})
    assert made.status_code == 201, made.text
    hits = [strike(home, catalogue.find(home, one), at=home.now()) for one in (story.own, story.others)]
    marks = [queries.one(home, one).facts.get("operator_rule", {}).get("mark") for one in hits]
    assert marks == ["test", None]
    assert desk.ask("planter", "POST", path, json={"minutes": 61}).status_code == 422
    assert desk.ask("planter", "POST", f"/canaries/{story.others}/test-fire", json={}).status_code == 404
