"""Minting: what there is, and a bait that says what it is; the stream's laws are in test_orders."""

from __future__ import annotations

import json

from tests.listener.api.conftest import Desk


def test_kinds(desk: Desk) -> None:
    names = [one["name"] for one in (desk.ask("planter", "GET", "/kinds").json or {})["items"]]
    assert "aws-key" in names
    assert names == sorted(names)


def test_one_and_many(desk: Desk) -> None:
    bait = desk.mint("planter", kind="aws-key", memo="a", expires="30d")
    assert {one["facet"] for one in bait["tokens"]} >= {"access_key_id"}
    assert bait["expires_at"] > bait["created_at"]
    for bad in ({"kind": "url", "expires": "yesterday"}, {"kind": "url", "options": {"nothing": "x"}}):
        assert desk.ask("planter", "POST", "/canaries", json=bad).status_code == 422
    answer = desk.ask(
        *("planter", "POST", "/canaries/bulk"),
        data=json.dumps({"kind": "user", "count": 3}),
        content_type="application/x-ndjson",
        headers={"Idempotency-Key": "three-people"},
    )
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [one.get("kind") for one in lines] == ["user"] * 3 + [None]
    assert lines[-1] == {"done": 3}
