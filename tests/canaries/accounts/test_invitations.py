"""Invitations: once, for a day, with a code from the authenticator."""

from __future__ import annotations

import pytest

from canaries.accounts import accounts, invitations, passwords
from canaries.core import store
from canaries.core.clock import FixedClock
from canaries.core.errors import AccessError, TraplineError
from canaries.installation.home import Home
from tests.accounts import PASSWORD, member


def test_an_invitation_is_taken_up_once(home: Home) -> None:
    _, code = accounts.add(home, "pat", "planter")
    opened = invitations.open_(home, code)
    assert (opened.name, opened.role) == ("pat", "planter")
    assert opened.uri not in repr(opened)
    right = passwords.code_at(opened.secret, int(home.clock.now().timestamp()) // passwords.STEP)
    with pytest.raises(TraplineError, match="does not match"):
        invitations.accept(home, code, opened.secret, PASSWORD, "000000" if right != "000000" else "000001")
    with pytest.raises(TraplineError, match="12 to 256"):
        invitations.accept(home, code, opened.secret, "short", right)
    assert invitations.accept(home, code, opened.secret, PASSWORD, right) == "pat"
    for used in (code, "", "x" * 43):
        with pytest.raises(AccessError, match="not valid"):
            invitations.accept(home, used, opened.secret, PASSWORD, right)


def test_it_ends(home: Home) -> None:
    home.clock = FixedClock(home.clock.now())
    _, code = accounts.add(home, "pat", "planter")
    home.clock.advance(days=invitations.DAYS)
    with pytest.raises(AccessError):
        invitations.open_(home, code)


def test_nothing_in_the_database_can_be_used_as_it_is(home: Home) -> None:
    someone = member(home, "pat", "planter")
    _, code = accounts.add(home, "dora", "planter")
    with home.store.read() as connection:
        rows = repr(connection.execute(store.account.select()).all()).encode()
    for secret in (someone.secret, PASSWORD.encode(), code.encode()):
        assert secret not in rows
        assert repr(secret)[2:-1].encode() not in rows
