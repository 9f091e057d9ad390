"""Hits: read, paged, filtered; raw bytes with a reason."""

from __future__ import annotations

import base64

from tests.listener.api.conftest import Desk, Story


def test_hits_and_raw(desk: Desk, story: Story) -> None:
    first = desk.ask("analyst", "GET", "/hits", query_string={"limit": 1}).json or {}
    second = (
        desk.ask("analyst", "GET", "/hits", query_string={"limit": 1, "cursor": first["next"]}).json or {}
    )
    assert {first["items"][0]["canary"], second["items"][0]["canary"]} == {story.own, story.others}
    assert second["next"] is None

    def count(**query: str) -> int:
        return len((desk.ask("auditor", "GET", "/hits", query_string=query).json or {})["items"])

    assert count(canary=story.own) == 1
    assert count(incident=story.incident) == count(kind="url") == count(since="2026-11-20") == 2
    assert count(kind="aws-key") == count(since="2026-11-23") == 0
    one = desk.ask("analyst", "GET", f"/hits/{story.hit}").json or {}
    assert one["source"] == {"ip": "198.51.100.7", "port": 40001}
    assert one["facts"]
    raw = desk.ask("analyst", "POST", f"/hits/{story.hit}/raw", json={"reason": "to compare"}).json or {}
    assert base64.b64decode(raw["content"]).startswith(b"GET /")
    (entry,) = desk.entries("revealed")
    assert (entry.by, entry.body["hit"], entry.body["reason"]) == ("analyst", story.hit, "to compare")
    assert entry.allowed["role"] == "analyst"
