"""Canaries: the whole of one's life by the API, pages, filters, two who edit."""

from __future__ import annotations

import base64
import hashlib

from tests.listener.api.conftest import Desk, Story


def test_from_minting_to_retiring(desk: Desk) -> None:
    bait = desk.mint("planter", kind="kubeconfig", memo="laptop", recipient="Ann", expires="30d")
    for file in bait["files"]:
        assert hashlib.sha256(base64.b64decode(file["content"])).hexdigest() == file["sha256"]
    path = f"/canaries/{bait['id']}"
    shown = desk.ask("planter", "GET", path)
    assert shown.json is not None
    assert (shown.json["owner"], shown.json["state"]) == ("planter", "live")
    tag = {"If-Match": shown.headers["ETag"]}
    changed = desk.ask(
        "planter", "PATCH", path, json={"memo": "desk", "tags": ["a"], "reason": "moved"}, headers=tag
    )
    assert changed.json is not None
    assert (changed.json["memo"], changed.json["tags"]) == ("desk", ["a"])
    late = desk.ask("admin", "PATCH", path, json={"memo": "mine"}, headers=tag)
    assert late.status_code == 412
    assert desk.ask("admin", "PATCH", path, json={"memo": "mine"}).status_code == 428
    assert (
        desk.ask("admin", "PATCH", path, json={}, headers={"If-Match": changed.headers["ETag"]}).status_code
        == 422
    )
    again = desk.ask("planter", "POST", f"{path}/reveal", json={"reason": "lost it"}).json
    assert again is not None
    assert again["text"] == bait["text"]
    assert desk.ask("planter", "POST", f"{path}/reveal", json={"reason": ""}).status_code == 422
    assert desk.ask("planter", "POST", f"{path}/retire", json={"reason": "done"}).status_code == 200
    assert desk.ask("planter", "POST", f"{path}/retire", json={"reason": "done"}).status_code == 409
    told = {
        kind: [entry.by for entry in desk.entries(kind)]
        for kind in ("minted", "amended", "revealed", "retired")
    }
    assert set(map(tuple, told.values())) == {("planter",)}


def test_pages_and_filters(desk: Desk) -> None:
    for number in range(7):
        desk.mint("planter", memo=f"number {number}", recipient="Ann" if number % 2 else "Bob")
    desk.mint("planter", kind="aws-key", memo="other")
    seen: list[str] = []
    cursor = ""
    while True:
        page = desk.ask(
            "planter", "GET", "/canaries", query_string={"limit": 3, "kind": "url", "cursor": cursor}
        ).json
        assert page is not None
        assert len(page["items"]) <= 3
        seen += [one["memo"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert seen == [f"number {number}" for number in range(6, -1, -1)]

    def memos(**query: str) -> list[str]:
        return [
            one["memo"]
            for one in (desk.ask("admin", "GET", "/canaries", query_string=query).json or {})["items"]
        ]

    assert memos(q="OTHER aws") == ["other"]
    assert memos(recipient="ann", limit="2") == ["number 5", "number 3"]
    assert memos(state="retired") == memos(tag="x") == []


def test_hits_are_for_who_may_read_them(desk: Desk, story: Story) -> None:
    assert (desk.ask("analyst", "GET", f"/canaries/{story.own}").json or {})["hits"] == 1
    assert "hits" not in (desk.ask("planter", "GET", f"/canaries/{story.own}").json or {})
    narrow = desk.token("few", "analyst", "canaries:read")
    said = (
        desk.app.test_client()
        .get(f"/canaries/{story.own}", headers={"Authorization": f"Bearer {narrow}"})
        .json
    )
    assert said is not None
    assert "hits" not in said
