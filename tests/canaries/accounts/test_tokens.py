"""Tokens: shown once, kept as a hash, narrowed by scopes and by what the role has become, dead when revoked."""

from __future__ import annotations

import pytest

from canaries.accounts import accounts, tokens
from canaries.accounts.permissions import Permission, actor
from canaries.core import store
from canaries.core.clock import FixedClock
from canaries.core.errors import AccessError, NotFoundError, TraplineError
from canaries.installation.home import Home


@pytest.fixture
def pat(home: Home) -> accounts.OperatorAccount:
    home.clock = FixedClock(home.clock.now())
    return accounts.add(home, "pat", "analyst")[0]


def test_a_token_opens_what_it_is_for(home: Home, pat: accounts.OperatorAccount) -> None:
    made, secret = tokens.create(home, pat, "pipeline", ["hits:read"])
    with home.store.read() as connection:
        assert secret not in repr(connection.execute(store.api_token.select()).all())
    found = tokens.authenticate(home, secret, "192.0.2.7")
    assert (found.name, found.token, set(found.reaches)) == ("pat", made.id, {Permission.HITS_READ})
    (listed,) = tokens.listing(home, pat.id)
    assert (listed.used_at, listed.used_from) == (home.now(), "192.0.2.7")


def test_it_dies_with_revocation_expiry_and_the_account(home: Home, pat: accounts.OperatorAccount) -> None:
    assert isinstance(home.clock, FixedClock)
    (first, one), (_, two), (_, three) = (tokens.create(home, pat, name, days=2) for name in "abc")
    tokens.revoke(home, first.id)
    tokens.revoke(home, first.id)
    for wrong in (one, "", two + "x", "tlapi_", "\ud800"):
        with pytest.raises(AccessError, match="not valid") as refused:
            tokens.authenticate(home, wrong, "192.0.2.7")
        assert not refused.value.known
    tokens.authenticate(home, two, "192.0.2.7")
    accounts.disable(home, "pat", "gone")
    with pytest.raises(AccessError):
        tokens.authenticate(home, two, "192.0.2.7")
    accounts.enable(home, "pat", "back")
    home.clock.advance(days=2)
    with pytest.raises(AccessError):
        tokens.authenticate(home, three, "192.0.2.7")
    with home.store.read() as connection:
        acts = [entry.body["act"] for entry in home.reader.entries(connection, "account")]
    assert acts == ["added", *["token-made"] * 3, "token-revoked", "disabled", "enabled"]


def test_another_role_narrows_it_at_once(home: Home, pat: accounts.OperatorAccount) -> None:
    _, secret = tokens.create(home, pat, "all")
    accounts.set_role(home, "pat", "planter")
    assert Permission.HITS_READ not in tokens.authenticate(home, secret, "192.0.2.7").reaches


def test_nobody_gives_away_what_they_do_not_have(home: Home, pat: accounts.OperatorAccount) -> None:
    parent, _ = tokens.create(home, pat, "parent")
    scopes_of_it = frozenset({"tokens:manage", "hits:read"})
    narrow = actor(pat.id, "pat", "analyst", token=parent.id, scopes=scopes_of_it)
    made, _ = tokens.create(home, pat, "child", maker=narrow)
    assert made.scopes == ("hits:read", "tokens:manage")
    for scopes in (["incidents:read"], ["accounts:change"], ["<x>"]):
        with pytest.raises(TraplineError, match="no scope"):
            tokens.create(home, pat, "child", scopes, maker=narrow)
    for name, days in (("", 1), ("x" * 81, 1), ("a\x1b[2J", 1), ("x", 0), ("x", 367)):
        with pytest.raises(TraplineError):
            tokens.create(home, pat, name, days=days)
    with pytest.raises(NotFoundError):
        tokens.find(home, "nowhere")


def test_a_token_makes_none_that_outlives_it(home: Home, pat: accounts.OperatorAccount) -> None:
    parent, secret = tokens.create(home, pat, "parent", days=1)
    maker = tokens.authenticate(home, secret, "192.0.2.7")
    child, _ = tokens.create(home, pat, "child", days=366, maker=maker)
    assert child.expires_at == parent.expires_at
