"""Accounts and tokens by the API: secrets once, changes by others, one's own tokens by oneself."""

from __future__ import annotations

from tests.accounts import member
from tests.listener.api.conftest import Desk


def test_an_account_and_its_life(desk: Desk) -> None:
    made = desk.ask("admin", "POST", "/accounts", json={"name": "pat", "role": "planter"}).json or {}
    assert made["invitation"]
    listed = desk.ask("auditor", "GET", "/accounts")
    assert made["invitation"] not in listed.text
    assert "pat" in [one["name"] for one in (listed.json or {})["items"]]
    changed = (
        desk.ask(
            "admin", "PATCH", "/accounts/pat", json={"role": "analyst", "disabled": True, "reason": "x"}
        ).json
        or {}
    )
    assert (changed["role"], bool(changed["disabled_at"])) == ("analyst", True)
    again = desk.ask("admin", "POST", f"/accounts/{made['id']}/reset", json={"reason": "lost"}).json or {}
    assert again["invitation"] != made["invitation"]
    assert (
        desk.ask("admin", "PATCH", "/accounts/admin", json={"role": "planter", "reason": "x"}).status_code
        == 403
    )
    assert desk.ask("admin", "PATCH", "/accounts/pat", json={"role": "admin"}).status_code == 422
    assert (
        desk.ask("admin", "PATCH", "/accounts/nobody", json={"role": "admin", "reason": "x"}).status_code
        == 404
    )
    allowed = [
        entry.allowed.get("role") for entry in desk.entries("account") if entry.body["account"] == "pat"
    ]
    assert allowed == ["admin"] * 4


def test_tokens_are_ones_own(desk: Desk) -> None:
    made = desk.ask("planter", "POST", "/tokens", json={"name": "laptop", "days": 3}).json or {}
    listed = desk.ask("planter", "GET", "/tokens")
    assert made["token"] not in listed.text
    assert {one["account"] for one in (listed.json or {})["items"]} == {"planter"}
    assert desk.ask("analyst", "DELETE", f"/tokens/{made['id']}").status_code == 404
    assert desk.ask("admin", "DELETE", f"/tokens/{made['id']}").status_code == 204
    client = desk.app.test_client()
    assert client.get("/me", headers={"Authorization": f"Bearer {made['token']}"}).status_code == 401


def test_me(desk: Desk) -> None:
    said = desk.ask("auditor", "GET", "/me").json or {}
    assert (said["account"], said["role"]) == ("auditor", "auditor")
    assert said["permissions"]["tokens:manage"] == "own"


def test_the_reason_of_another_role_is_kept(desk: Desk) -> None:
    desk.token("planter")
    change = {"role": "analyst", "reason": "moved to the other team"}
    assert desk.ask("admin", "PATCH", "/accounts/planter", json=change).status_code == 200
    assert desk.entries("account")[-1].body["reason"] == "moved to the other team"
    for bad in ({"reason": "nothing to change"}, {"role": "analyst", "reason": " "}):
        assert desk.ask("admin", "PATCH", "/accounts/planter", json=bad).status_code == 422


def test_anothers_token_is_answered_like_none(desk: Desk) -> None:
    made = desk.ask("planter", "POST", "/tokens", json={"name": "laptop"}).json or {}
    answers = [desk.ask("analyst", "DELETE", f"/tokens/{one}").json or {} for one in (made["id"], "0" * 16)]
    shapes = [
        {name: str(value).replace(made["id"], "X").replace("0" * 16, "X") for name, value in answer.items()}
        for answer in answers
    ]
    assert shapes[0] | {"request": ""} == shapes[1] | {"request": ""}


def test_sessions_are_listed(desk: Desk) -> None:
    someone = member(desk.home, "ana", "analyst")
    someone.sign_in(ip="203.0.113.7")
    [one] = (desk.ask("auditor", "GET", "/accounts/ana/sessions").json or {})["items"]
    assert one["network"] == "203.0.113.7"
    assert desk.ask("admin", "DELETE", "/accounts/ana/sessions").status_code == 204
    assert (desk.ask("auditor", "GET", "/accounts/ana/sessions").json or {})["items"] == []
