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
