"""Sessions: begun by name, password and code; dead the moment that anything about the account changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from canaries.accounts import accounts, backoff, sessions, tokens
from canaries.core import store
from canaries.core.clock import FixedClock
from canaries.core.errors import AccessError, NotFoundError
from canaries.installation.home import Home
from tests.accounts import PASSWORD, Member, member


@pytest.fixture
def carol(home: Home) -> Member:
    home.clock = FixedClock(home.clock.now())
    return member(home, "carol", "analyst")


def test_in_and_out(home: Home, carol: Member) -> None:
    signed = carol.sign_in()
    assert signed.cookie not in repr(signed)
    found = sessions.actor_of(home, signed.cookie)
    assert found == signed.actor
    assert found is not None
    assert found.allowed == {"role": "analyst", "by": "session"}
    assert sessions.csrf_of(signed.cookie) != sessions.csrf_of(signed.cookie + "x")
    with home.store.read() as connection:
        rows = repr(connection.execute(store.account_session.select()).all())
        (entry,) = home.reader.entries(connection, "sign-in")
    assert signed.cookie not in rows
    assert (entry.by, entry.body["outcome"], entry.body["from"]) == ("carol", "in", "192.0.2.1")
    sessions.sign_out(home, signed.cookie)
    assert sessions.actor_of(home, signed.cookie) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda home: accounts.set_role(home, "carol", "admin"),
        lambda home: accounts.disable(home, "carol", "gone"),
        lambda home: accounts.reset(home, "carol", "lost"),
        lambda home: sessions.end_all(home, accounts.find(home, "carol").id),
    ],
    ids=["role", "disabled", "reset", "ended"],
)
def test_a_session_dies_with_a_change(home: Home, carol: Member, change: Callable[[Home], object]) -> None:
    cookie = carol.sign_in().cookie
    change(home)
    assert sessions.actor_of(home, cookie) is None


def test_the_version_alone_ends_it(home: Home, carol: Member) -> None:
    """Where a second process puts the row in again, the version still says that it is of before."""
    cookie = carol.sign_in().cookie
    with home.store.write() as connection:
        connection.execute(store.account.update().values(version=store.account.c.version + 1))
    assert sessions.actor_of(home, cookie) is None


def test_it_ends_by_itself(home: Home, carol: Member) -> None:
    assert isinstance(home.clock, FixedClock)
    cookie = carol.sign_in().cookie
    for _ in range(13):
        home.clock.advance(minutes=55)
        alive = sessions.actor_of(home, cookie) is not None
    assert alive
    home.clock.advance(minutes=10)
    assert sessions.actor_of(home, cookie) is None
    other = carol.sign_in(0).cookie
    home.clock.advance(minutes=50)
    assert sessions.actor_of(home, other, extend=False) is not None
    home.clock.advance(minutes=10)
    assert sessions.actor_of(home, other) is None


def test_sessions_are_listed_with_their_last_use_and_ended_one_at_a_time(home: Home, carol: Member) -> None:
    assert isinstance(home.clock, FixedClock)
    first = carol.sign_in()
    home.clock.advance(minutes=5)
    second = carol.sign_in(ip="203.0.113.7")
    home.clock.advance(minutes=5)
    assert sessions.actor_of(home, first.cookie) is not None
    newest, oldest = sessions.listing(home, carol.account.id)
    assert (newest.network, oldest.network) == ("203.0.113.7", "192.0.2.1")
    assert (newest.used_at, oldest.used_at) == (newest.created_at, home.now())
    sessions.end(home, carol.account.id, newest.id, "left it in a hotel")
    assert sessions.actor_of(home, second.cookie) is None
    assert sessions.actor_of(home, first.cookie) is not None
    with pytest.raises(NotFoundError, match="no session"):
        sessions.end(home, carol.account.id, newest.id)
    with home.store.read() as connection:
        *_, entry = home.reader.entries(connection, "account")
    said = {"account": "carol", "act": "signed-out", "sessions": 1, "reason": "left it in a hotel"}
    assert entry.body == said
    home.clock.advance(minutes=61)
    assert sessions.listing(home, carol.account.id) == []


def test_a_session_is_fresh_for_a_quarter_of_an_hour(home: Home, carol: Member) -> None:
    assert isinstance(home.clock, FixedClock)
    cookie = carol.sign_in().cookie
    home.clock.advance(minutes=15)
    sessions.require_fresh(home, cookie)
    home.clock.advance(seconds=1)
    assert sessions.actor_of(home, cookie) is not None
    for one in (cookie, "forged"):
        with pytest.raises(AccessError, match="within the last 15 minutes"):
            sessions.require_fresh(home, one)


def test_one_sentence_for_every_failure(home: Home, carol: Member) -> None:
    accounts.add(home, "tokens-only", "planter")
    sentences = set()
    for name, password, code in (
        ("nobody", PASSWORD, carol.code(1)),
        ("carol", "another password", carol.code(1)),
        ("carol", PASSWORD, "000000"),
        ("tokens-only", "", ""),
        ("carol", PASSWORD, carol.code()),  # used up
        ("\0\ud800\x1b", PASSWORD + "\0", "\0"),
    ):
        with pytest.raises(AccessError) as refused:
            sessions.sign_in(home, name, password, code, "192.0.2.1")
        sentences.add((refused.value.sentence, refused.value.hint, refused.value.known))
    assert sentences == {("name, password or code is wrong", None, False)}
    carol.sign_in()


def test_failures_are_told_without_what_was_typed(home: Home, carol: Member) -> None:
    for number in range(backoff.FREE):
        with pytest.raises(AccessError, match="wrong"):
            carol.sign_in(password=f"a wrong one, number {number}")
    with pytest.raises(AccessError, match="try again"):
        carol.sign_in()
    assert carol.sign_in(ip="203.0.113.7").actor.name == "carol"
    with home.store.read() as connection:
        failed = next(iter(home.reader.entries(connection, "sign-in")))
    assert failed.body == {"account": "carol", "outcome": "failed", "failures": 5, "from": "192.0.2.1"}
    assert failed.by == "listener"


def test_only_so_many_sessions(home: Home, carol: Member) -> None:
    assert isinstance(home.clock, FixedClock)
    cookies = []
    for _ in range(9):
        cookies.append(carol.sign_in().cookie)
        home.clock.advance(seconds=31)
    assert [sessions.actor_of(home, one) is not None for one in cookies] == [False, *[True] * 8]


def test_on_postgresql(postgres_home: Home) -> None:
    """The same tables there: in, a wrong name with what no text there can hold, a token, out."""
    someone = member(postgres_home, "carol", "admin")
    cookie = someone.sign_in().cookie
    with pytest.raises(AccessError, match="wrong"):
        sessions.sign_in(postgres_home, "\0", "x", "1", "192.0.2.1")
    secret = tokens.create(postgres_home, someone.account, "x")[1]
    assert tokens.authenticate(postgres_home, secret, "192.0.2.1").name == "carol"
    accounts.add(postgres_home, "dora", "admin")
    accounts.set_role(postgres_home, "carol", "auditor")
    assert sessions.actor_of(postgres_home, cookie) is None
    sessions.sign_out(postgres_home, cookie)
