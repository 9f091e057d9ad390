"""Approvals by the API: 403 asks, another account decides, the same request then does it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accounts import token
from tests.listener.api.conftest import Desk, Story

WHY = {"reason": "counsel asked"}


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """With a second person for all that can be named."""
    path = desk.home.path / "trapline.toml"
    path.write_text(path.read_text() + '\n[console]\napprovals = ["dossier", "raw", "reveal", "accounts"]\n')
    desk.home.__dict__.pop("settings", None)
    desk.tokens["ben"] = token(desk.home, "ben", "admin")
    return desk


def approve(desk: Desk, who: str = "ben") -> Any:
    [waiting] = [
        one for one in (desk.ask(who, "GET", "/approvals").json or {})["items"] if one["state"] == "waiting"
    ]
    return desk.ask(who, "POST", f"/approvals/{waiting['id']}/approve", json={"reason": "seen the letter"})


def test_each_deed_waits_for_another(asked: Desk, story: Story) -> None:
    deeds: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", f"/hits/{story.hit}/raw", WHY),
        ("POST", f"/canaries/{story.others}/reveal", WHY),
        ("POST", "/dossiers", {"incident": story.incident, **WHY}),
        ("POST", "/accounts", {"name": "new", "role": "planter", **WHY}),
        ("PATCH", "/accounts/second", {"role": "analyst", **WHY}),
        ("POST", "/accounts/second/reset", WHY),
    ]
    for method, path, body in deeds:
        refused = asked.ask("admin", method, path, json=body)
        assert (refused.status_code, "has to approve this" in refused.text) == (403, True), path
        assert approve(asked, "admin").status_code == 403, "their own"
        assert approve(asked).status_code == 200
        assert asked.ask("admin", method, path, json=body).status_code in (200, 201, 202), path
        again = asked.ask("admin", method, path, json=body)
        assert again.status_code == 403, f"{path}: once"
        refuse = next(
            one
            for one in (asked.ask("ben", "GET", "/approvals").json or {})["items"]
            if one["state"] == "waiting"
        )
        assert asked.ask("ben", "POST", f"/approvals/{refuse['id']}/refuse", json=WHY).status_code == 200


def test_own_bait_and_disabling_wait_for_nobody(asked: Desk, story: Story) -> None:
    assert asked.ask("planter", "POST", f"/canaries/{story.own}/reveal", json=WHY).status_code == 200
    assert asked.ask("admin", "PATCH", "/accounts/second", json={"disabled": True, **WHY}).status_code == 200
    assert asked.ask("admin", "PATCH", "/accounts/second", json={"disabled": False, **WHY}).status_code == 403
