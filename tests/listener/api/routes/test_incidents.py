"""Incidents: notes, judgements, closing by who saw the state."""

from __future__ import annotations

from collections.abc import Callable

from canaries.mint import catalogue
from tests.listener.api.conftest import Desk, Story

JUDGEMENT = {
    "statement": "A test.",
    "likelihood": "likely",
    "confidence": "low",
    "because": "so",
    "alternatives": ["b"],
}


def test_written_into_under_ones_name(desk: Desk, story: Story) -> None:
    path = f"/incidents/{story.incident}"
    assert desk.ask("analyst", "POST", f"{path}/notes", json={"text": "seen"}).status_code == 201
    assert desk.ask("analyst", "POST", f"{path}/assessments", json=JUDGEMENT).status_code == 201
    assert (
        desk.ask(
            "analyst", "POST", f"{path}/assessments", json={**JUDGEMENT, "likelihood": "sure"}
        ).status_code
        == 422
    )
    shown = desk.ask("auditor", "GET", path)
    said = shown.json or {}
    assert (said["notes"][0]["by"], said["assessments"][0]["statement"]) == ("analyst", "A test.")
    tag = {"If-Match": shown.headers["ETag"]}
    closing = {"state": "closed", "outcome": "test", "reason": "ours"}
    assert desk.ask("analyst", "PATCH", path, json=closing).status_code == 428
    closed = desk.ask("analyst", "PATCH", path, json=closing, headers=tag)
    assert (closed.json or {})["state"] == "closed"
    assert desk.ask("admin", "PATCH", path, json=closing, headers=tag).status_code == 412
    assert [entry.allowed["role"] for entry in desk.entries("noted")] == ["analyst"] * 2
    assert desk.ask("analyst", "POST", f"{path}/acknowledge", json={"until": "12h"}).status_code == 201
    assert desk.ask("analyst", "GET", f"/incidents/{story.incident[:9]}").status_code == 404


def test_lists(desk: Desk, story: Story) -> None:
    def listed(**query: str) -> list[str]:
        return [
            one["id"]
            for one in (desk.ask("analyst", "GET", "/incidents", query_string=query).json or {})["items"]
        ]

    assert listed() == listed(state="open") == listed(canary=story.own) == [story.incident]
    assert listed(state="closed") == listed(canary="0123456789abcdef") == []


def test_pages_follow_each_other_by_position(desk: Desk, story: Story, strike: Callable[..., str]) -> None:
    canary = catalogue.find(desk.home, story.own)
    for day in (1, 5, 9):
        strike(desk.home, canary, ip=f"192.0.2.{day}", at=f"2026-10-0{day}T12:00:00.000000Z")
    seen, cursor = [], ""
    while True:
        query = {"limit": 1, "cursor": cursor, "canary": story.own}
        page = desk.ask("analyst", "GET", "/incidents", query_string=query).json or {}
        seen += [(one["last_at"], one["id"], one["canaries"]) for one in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert len(seen) == 4
    assert [one[:2] for one in seen] == sorted((one[:2] for one in seen), reverse=True)
    assert all(story.own in one[2] for one in seen)
