"""Rules from proposal to end, each step by a person who may."""

from __future__ import annotations

from collections.abc import Callable

from canaries.mint import catalogue
from listener.incidents import queries
from tests.listener.api.conftest import Desk, Story


def test_a_rule_is_proposed_made_reviewed_and_ended(
    desk: Desk, story: Story, strike: Callable[..., str]
) -> None:
    home, why = desk.home, {"reason": "our scanner"}
    proposed = desk.ask("analyst", "GET", f"/incidents/{story.incident}/rule").json or {}
    assert proposed["networks"] == [queries.one(home, story.hit).ip]
    assert story.own in proposed["canaries"]
    made = desk.ask("analyst", "POST", "/rules", json={"networks": proposed["networks"], **why})
    assert (made.status_code, (made.json or {})["owner"]) == (201, "analyst")
    rule = (made.json or {})["id"]
    hit = strike(home, catalogue.find(home, story.own), at=home.now())
    assert queries.one(home, hit).facts["operator_rule"]["rule"] == rule
    seen = {"If-Match": made.headers["ETag"]}
    body = {"lasting": "30d", **why}
    assert desk.ask("analyst", "PATCH", f"/rules/{rule}", json=body).status_code == 428
    reviewed = desk.ask("analyst", "PATCH", f"/rules/{rule}", json=body, headers=seen)
    said = reviewed.json or {}
    assert (said["reviewed_by"], said["expires_at"] < (made.json or {})["expires_at"]) == ("analyst", True)
    assert desk.ask("admin", "PATCH", f"/rules/{rule}", json=body, headers=seen).status_code == 412
    assert [one["id"] for one in (desk.ask("auditor", "GET", "/rules").json or {})["items"]] == [rule]
    assert desk.ask("analyst", "POST", f"/rules/{rule}/end", json=why).status_code == 204
    assert desk.ask("auditor", "GET", f"/rules/{rule}").status_code == 404
    acts = [set(one.body) & {"added", "reviewed", "removed"} for one in desk.entries("setting")]
    assert [act for act in acts if act] == [{"added"}, {"reviewed"}, {"removed"}]


def test_a_client_s_name_alone_marks_nothing(desk: Desk) -> None:
    refused = desk.ask("analyst", "POST", "/rules", json={"client": "nessus", "reason": "x"})
    assert refused.status_code == 422
    assert "no proof" in (refused.json or {})["detail"]
