"""Splitting and merging by who saw the incident as it is."""

from __future__ import annotations

from collections.abc import Callable

from canaries.mint import catalogue
from tests.listener.api.conftest import Desk, Story


def test_hits_leave_an_incident_and_come_back(desk: Desk, story: Story, strike: Callable[..., str]) -> None:
    moved = strike(desk.home, catalogue.find(desk.home, story.own))
    path, why = f"/incidents/{story.incident}", {"reason": "two people"}

    def ask(act: str, **body: object) -> tuple[int, dict[str, object]]:
        tag = desk.ask("analyst", "GET", path).headers["ETag"]
        answer = desk.ask("analyst", "POST", f"{path}/{act}", json={**body, **why}, headers={"If-Match": tag})
        return answer.status_code, dict(answer.json or {})

    before = (desk.ask("analyst", "GET", path).json or {})["hits"]
    status, made = ask("split", hits=[moved])
    assert (status, made["hits"], made["state"]) == (201, 1, "open")
    assert (desk.ask("analyst", "GET", path).json or {})["hits"] == before - 1
    assert ask("split", hits=[moved])[0] == 404
    assert ask("merge", incident=story.incident)[0] == 422
    status, whole = ask("merge", incident=made["id"])
    assert (status, whole["id"], whole["hits"]) == (200, story.incident, before)
    emptied = desk.ask("analyst", "GET", f"/incidents/{made['id']}").json or {}
    assert (emptied["state"], emptied["hits"]) == ("closed", 0)
    assert [one.allowed["role"] for one in desk.entries("regrouped")] == ["analyst"] * 2


def test_nobody_regroups_what_they_have_not_seen(
    desk: Desk, story: Story, strike: Callable[..., str]
) -> None:
    moved = strike(desk.home, catalogue.find(desk.home, story.own))
    path, body = f"/incidents/{story.incident}", {"hits": [moved], "reason": "x"}
    seen = {"If-Match": desk.ask("analyst", "GET", path).headers["ETag"]}
    assert desk.ask("analyst", "POST", f"{path}/split", json=body).status_code == 428
    assert desk.ask("analyst", "POST", f"{path}/split", json=body, headers=seen).status_code == 201
    merge = {"incident": story.incident, "reason": "x"}
    assert desk.ask("admin", "POST", f"{path}/merge", json=merge, headers=seen).status_code == 412
