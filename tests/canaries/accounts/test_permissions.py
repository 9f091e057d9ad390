"""The table: what each role may, and what none of them may."""

from __future__ import annotations

import pytest

from canaries.accounts.permissions import MUST_READ, ROLES, Permission, Reach, actor, scopes_of
from canaries.core.errors import AccessError


def test_a_planter_reaches_nothing_about_hits_and_nothing_of_others() -> None:
    planter = ROLES["planter"]
    assert not {
        one for one in planter if one.value.startswith(("hits", "incidents", "alerts", "dossiers", "scan"))
    }
    assert set(planter.values()) == {Reach.OWN}


def test_an_auditor_changes_nothing_but_tokens_of_their_own() -> None:
    assert set(ROLES["auditor"]) - MUST_READ == {Permission.TOKENS}
    assert ROLES["auditor"][Permission.TOKENS] is Reach.OWN


def test_no_permission_purges_the_trail_and_an_admin_has_every_one() -> None:
    assert not [one for one in Permission if "purge" in one or "delete" in one or one == "ledger:change"]
    assert set(ROLES["admin"]) == set(Permission)


def test_own_is_own() -> None:
    someone = actor("a1", "pat", "planter")
    someone.require(Permission.CANARIES_READ, "a1")
    someone.require(Permission.CANARIES_READ)
    with pytest.raises(AccessError, match="role planter does not allow"):
        someone.require(Permission.CANARIES_READ, "a2")
    with pytest.raises(AccessError):
        someone.require(Permission.CANARIES_READ, "")
    with pytest.raises(AccessError):
        someone.require(Permission.HITS_READ)
    assert someone.may(Permission.CANARIES_READ)
    assert not someone.may_all(Permission.CANARIES_READ)


def test_scopes_only_take_away() -> None:
    token = actor("a1", "ann", "analyst", token="t1", scopes=frozenset({"hits:read", "accounts:change"}))
    assert set(token.reaches) == {Permission.HITS_READ}
    assert token.allowed == {"role": "analyst", "by": "token t1"}
    with pytest.raises(AccessError, match="token without the scope"):
        token.require(Permission.INCIDENTS_READ)


def test_an_unknown_role_may_nothing() -> None:
    assert not actor("a1", "x", "root").reaches
    assert scopes_of("root") == []
