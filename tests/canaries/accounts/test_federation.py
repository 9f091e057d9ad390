"""Accounts by a provider's word: one for each subject, with the claim's role; a name is never enough."""

from __future__ import annotations

from typing import Any

import pytest

from canaries.accounts import accounts, federation, sessions
from canaries.accounts.sessions import SignedIn
from canaries.core.errors import AccessError, TraplineError
from canaries.core.settings_openid import OpenidSettings
from canaries.installation.home import Home
from tests.accounts import member

SETTINGS = OpenidSettings(
    issuer="https://id.example.net", client_id="trapline", roles=("chiefs=admin", "staff=analyst", "odd=king")
)


def come(home: Home, subject: str = "1", **claims: Any) -> SignedIn:
    said = {"sub": subject, "preferred_username": "Ana", "groups": ["x", "staff"], **claims}
    return federation.sign_in(home, SETTINGS, said, "192.0.2.1")


def test_one_account_for_each_subject(home: Home) -> None:
    first, again = come(home), come(home, preferred_username="renamed")
    assert first.actor == again.actor
    assert (first.actor.name, first.actor.role) == ("ana", "analyst")
    assert sessions.actor_of(home, first.cookie) == first.actor
    assert accounts.find(home, "ana").state(home.now()) == "signs in"
    assert come(home, "2", preferred_username=None, email="ben@example.net").actor.name == "ben@example.net"


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"groups": ["others"]}, "gives you no role"),
        ({"groups": {"staff": 1}}, "gives you no role"),
        ({"groups": [["staff"], 5, None]}, "gives you no role"),
        ({"groups": None}, "gives you no role"),
        ({"groups": "odd"}, "'king' is not a role"),
        ({"preferred_username": "<script>"}, "cannot be an account"),
        ({"preferred_username": None}, "cannot be an account"),
        ({"preferred_username": "boss"}, "does not vouch for"),
    ],
)
def test_who_does_not_come_in(home: Home, claims: dict[str, Any], said: str) -> None:
    member(home, "boss", "admin")
    with pytest.raises(TraplineError, match=said):
        come(home, **claims)
    assert [one.name for one in accounts.listing(home)] == ["boss"]


def test_the_role_follows_the_claim_and_the_last_admin_stays(home: Home) -> None:
    before = come(home, groups="chiefs")
    with pytest.raises(TraplineError, match="is the last admin"):
        come(home)
    member(home, "boss", "admin")
    assert come(home).actor.role == "analyst"
    assert sessions.actor_of(home, before.cookie) is None
    with home.store.read() as connection:
        *_, entry = home.reader.entries(connection, "account")
    assert (entry.by, entry.body["role"], entry.allowed["by"]) == ("ana", "analyst", "openid")


def test_disabled_stays_out_and_recovery_leaves_the_provider(home: Home) -> None:
    come(home)
    accounts.reset(home, "ana", "lost the phone")
    come(home)
    accounts.disable(home, "ana", "left")
    with pytest.raises(AccessError, match="is disabled"):
        come(home)
