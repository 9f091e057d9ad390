"""Placements: newest first, of one's own canaries."""

from __future__ import annotations

from tests.listener.api.conftest import Desk, Story


def test_lists_and_one(desk: Desk, story: Story) -> None:
    def listed(who: str, **query: str) -> list[str]:
        return [
            one["id"] for one in (desk.ask(who, "GET", "/placements", query_string=query).json or {})["items"]
        ]

    assert listed("planter") == [story.own_place]
    assert set(listed("admin")) == {story.own_place, story.others_place}
    assert listed("planter", canary=story.others) == []
    first = desk.ask("admin", "GET", "/placements", query_string={"limit": 1}).json or {}
    second = (
        desk.ask("admin", "GET", "/placements", query_string={"limit": 1, "cursor": first["next"]}).json or {}
    )
    assert first["items"][0]["id"] != second["items"][0]["id"]
    assert second["next"] is None
    assert (desk.ask("planter", "GET", f"/placements/{story.own_place}").json or {})["canary"] == story.own


def test_anothers_is_answered_like_none(desk: Desk, story: Story) -> None:
    answers = [
        desk.ask("planter", "GET", f"/placements/{one}").json or {} for one in (story.others_place, "0" * 16)
    ]
    said = [answer["detail"].replace(story.others_place, "X").replace("0" * 16, "X") for answer in answers]
    assert said[0] == said[1]
    assert story.others not in str(answers[0])


def test_a_place_is_noted_by_whoever_minted_and_found_by_its_words(desk: Desk, story: Story) -> None:
    body = {"target": "build server 7 <b>"}
    made = desk.ask("planter", "POST", f"/canaries/{story.own}/placements", json=body)
    said = made.json or {}
    assert made.status_code == 201
    assert (said["canary"], said["planter"], said["by"]) == (story.own, "noted", "planter")
    again = desk.ask("planter", "POST", f"/canaries/{story.own}/placements", json=body).json or {}
    assert again["id"] == said["id"]
    assert desk.ask("planter", "POST", f"/canaries/{story.others}/placements", json=body).status_code == 404
    assert desk.ask("auditor", "POST", f"/canaries/{story.own}/placements", json=body).status_code == 403
    for wrong in ({"target": " "}, {"target": "x" * 1001}, {}):
        path = f"/canaries/{story.own}/placements"
        assert desk.ask("planter", "POST", path, json=wrong).status_code == 422

    def found(who: str, path: str, **query: str) -> list[str]:
        answer = desk.ask(who, "GET", path, query_string={"place": "SERVER 7", **query})
        return [one["id"] for one in (answer.json or {})["items"]]

    assert found("planter", "/canaries") == found("admin", "/canaries") == [story.own]
    assert found("second", "/canaries") == []
    assert found("analyst", "/hits") == [story.hit]
    assert found("analyst", "/incidents") == [story.incident]
    assert found("analyst", "/hits", canary=story.others) == []
    assert found("analyst", "/incidents", place="nowhere") == []
