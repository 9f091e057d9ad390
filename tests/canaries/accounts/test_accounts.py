"""Accounts: made, changed, recovered by another; each change told, the last admin kept."""

from __future__ import annotations

import pytest

from canaries.accounts import accounts, tokens
from canaries.accounts.permissions import actor
from canaries.core.clock import FixedClock
from canaries.core.errors import AccessError, NotFoundError, TraplineError
from canaries.installation.home import Home
from canaries.ledger.entries import Entry
from canaries.ledger.verification import verify
from tests.accounts import member, token


def told(home: Home) -> list[Entry]:
    with home.store.read() as connection:
        return list(home.reader.entries(connection, "account"))


def as_admin(home: Home) -> Home:
    boss = accounts.add(home, "boss", "admin")[0]
    return home.acting("boss", actor(boss.id, "boss", "admin").allowed)


def test_names(home: Home) -> None:
    assert accounts.add(home, " Carol@Example.org ", "planter")[0].name == "carol@example.org"
    for bad in ("", "listener", "a" * 65, "x y", "<b>", "caröl", "-a", "a\n", "0123456789abcdef"):
        with pytest.raises(TraplineError):
            accounts.clean_name(bad) if bad != "a\n" else accounts.clean_name("a\nb")
    with pytest.raises(TraplineError, match="there is an account"):
        accounts.add(home, "carol@example.org", "admin")
    with pytest.raises(TraplineError, match="not a role"):
        accounts.add(home, "dora", "root")
    with pytest.raises(NotFoundError):
        accounts.find(home, "nobody")


def test_each_change_is_an_entry_that_says_which_role_allowed_it(home: Home) -> None:
    admin = as_admin(home)
    made, _ = accounts.add(admin, "pat", "planter")
    accounts.set_role(admin, "pat", "analyst")
    accounts.disable(admin, "pat", "left us")
    accounts.enable(admin, made.id, "came back")
    entries = told(home)[1:]
    assert [entry.body["act"] for entry in entries] == ["added", "role", "disabled", "enabled"]
    assert {entry.by for entry in entries} == {"boss"}
    assert [entry.allowed for entry in entries] == [{"role": "admin", "by": "session"}] * 4
    assert told(home)[0].allowed == {}
    verify(home)


def test_the_last_admin_stays_and_nobody_changes_themselves(home: Home) -> None:
    admin = as_admin(home)
    for attempt in (
        lambda: accounts.set_role(home, "boss", "auditor"),
        lambda: accounts.disable(home, "boss", "why not"),
    ):
        with pytest.raises(TraplineError, match="last admin"):
            attempt()
    with pytest.raises(AccessError, match="own account"):
        accounts.reset(admin, "boss", "forgot it")
    accounts.add(admin, "second", "admin")
    accounts.set_role(home, "boss", "auditor")


def test_recovery_takes_all_that_was(home: Home) -> None:
    someone = member(home, "carol", "analyst")
    token(home, "carol", "analyst")
    found, code = accounts.reset(as_admin(home), "carol", "lost the telephone")
    assert not found.signs_in
    assert found.invited_until
    assert code
    assert all(one.revoked_at for one in tokens.listing(home, found.id))
    with pytest.raises(AccessError):
        someone.sign_in()


def test_a_reason_is_asked_for(home: Home) -> None:
    accounts.add(home, "pat", "planter")
    with pytest.raises(TraplineError, match="reason"):
        accounts.disable(home, "pat", "  ")


def test_the_state_says_how_an_account_can_be_used(home: Home) -> None:
    home.clock = FixedClock(home.clock.now())

    def state(name: str) -> str:
        return accounts.find(home, name).state(home.now())

    accounts.add(home, "pat", "planter")
    assert state("pat").startswith("invited until 20")
    tokens.create(home, accounts.find(home, "pat"), "laptop", days=2)
    assert state("pat").startswith("invited until 20"), "an invited person is not called a program"
    home.clock.advance(days=1)
    assert state("pat") == "tokens only"
    assert [one.tokens for one in accounts.listing(home)] == [1]
    home.clock.advance(days=1)
    assert state("pat") == "invitation expired"
    assert member(home, "ana", "analyst").account.state(home.now()) == "signs in"
    accounts.disable(home, "ana", "left")
    assert state("ana") == "disabled"
