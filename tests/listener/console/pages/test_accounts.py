"""Accounts in the console: invited, changed and recovered by another admin, each with a reason and an entry."""

from __future__ import annotations

import re
from typing import Any

import pytest

from canaries.accounts import accounts, sessions, tokens
from canaries.installation.home import Home
from tests.accounts import member
from tests.listener.console.test_permits import As

WHY = {"reason": "new in the <b>team"}


@pytest.fixture
def boss(home: Home) -> As:
    """An admin who has signed in."""
    return As(home, "boss", "admin")


def entries(home: Home) -> list[Any]:
    with home.store.read() as connection:
        return list(home.reader.entries(connection, "account"))


def test_an_invitation_is_shown_once_and_can_be_taken_up(home: Home, boss: As) -> None:
    page = boss.post("/accounts", {"name": "Pat", "role": "planter", **WHY}).get_data(as_text=True)
    [link] = re.findall(r'id="invitation">http://127\.0\.0\.1:4711(/invitation/[\w-]+)<', page)
    assert "Your role is planter" in boss.get(link).get_data(as_text=True)
    listed = boss.get("/accounts").get_data(as_text=True)
    assert "invited until" in listed
    assert "tokens only" not in listed
    for path in ("/accounts", f"/accounts/{accounts.find(home, 'pat').id}"):
        assert link not in boss.get(path).get_data(as_text=True)
    entry = entries(home)[-1]
    assert (entry.by, entry.allowed["role"], entry.body["act"]) == ("boss", "admin", "added")
    assert entry.body["reason"] == WHY["reason"]


def test_each_change_is_the_services_own_and_has_its_reason(home: Home, boss: As) -> None:
    someone = member(home, "ana", "analyst")
    cookie, path = someone.sign_in().cookie, f"/accounts/{someone.account.id}"
    made, _ = tokens.create(home, someone.account, "laptop")
    assert boss.post(f"{path}/sign-out", WHY).status_code == 303
    assert sessions.actor_of(home, cookie) is None
    assert boss.post(f"{path}/tokens/{made.id}/revoke", WHY).status_code == 303
    assert tokens.find(home, made.id).revoked_at
    assert boss.post(f"{path}/role", {"role": "auditor", **WHY}).status_code == 303
    assert boss.post(f"{path}/disable", WHY).status_code == 303
    assert accounts.find(home, "ana").state(home.now()) == "disabled"
    assert boss.post(f"{path}/enable", WHY).status_code == 303
    page = boss.post(f"{path}/recover", WHY).get_data(as_text=True)
    assert "/invitation/" in page
    found = accounts.find(home, "ana")
    assert (found.role, found.signs_in) == ("auditor", False)
    acts = [(entry.body["act"], entry.body.get("reason"), entry.by) for entry in entries(home)][-6:]
    names = ("signed-out", "token-revoked", "role", "disabled", "enabled", "reset")
    assert acts == [(name, WHY["reason"], "boss") for name in names]
    trail = boss.get("/trail").get_data(as_text=True)
    assert trail.count("new in the &lt;b&gt;team") == 6


@pytest.mark.parametrize("act", ["role", "disable", "enable", "recover", "sign-out", "tokens/0/revoke"])
def test_nothing_is_done_without_a_reason(home: Home, boss: As, act: str) -> None:
    someone = member(home, "ana", "analyst")
    before = len(entries(home))
    answer = boss.post(f"/accounts/{someone.account.id}/{act}", {"role": "admin", "reason": " "})
    assert answer.status_code == 422
    assert boss.post("/accounts", {"name": "x", "role": "planter"}).status_code == 422
    assert len(entries(home)) == before


def test_nobody_changes_their_own_account_and_the_page_says_so(home: Home, boss: As) -> None:
    path = f"/accounts/{accounts.find(home, 'boss').id}"
    page = boss.get(path).get_data(as_text=True)
    assert "another admin changes it" in page
    assert 'action="/accounts/' not in page
    for act in ("role", "disable", "recover"):
        assert boss.post(f"{path}/{act}", {"role": "planter", **WHY}).status_code == 403


def test_anothers_token_is_not_revoked_by_way_of_this_account(home: Home, boss: As) -> None:
    ana, ben = (member(home, name, "analyst").account for name in ("ana", "ben"))
    made, _ = tokens.create(home, ben, "laptop")
    assert boss.post(f"/accounts/{ana.id}/tokens/{made.id}/revoke", WHY).status_code == 404
    assert not tokens.find(home, made.id).revoked_at


def test_an_auditor_sees_who_there_is_and_no_form(home: Home) -> None:
    member(home, "boss", "admin")
    auditor = As(home, "aud", "auditor")
    for path in ("/accounts", f"/accounts/{accounts.find(home, 'boss').id}"):
        page = auditor.get(path).get_data(as_text=True)
        assert "boss" in page
        assert 'method="post" action="/accounts' not in page
