"""Who may come in: by a link that works once and not for long."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from listener.console import auth
from listener.console.auth import Doorkeeper


@dataclass
class Ticks:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def keeper(ticks: Callable[[], float]) -> Doorkeeper:
    return Doorkeeper(ticks)


def test_a_link_works_once(keeper: Doorkeeper) -> None:
    link = keeper.link()
    cookie = keeper.enter(link)
    assert cookie
    assert keeper.session(cookie)
    assert keeper.enter(link) is None


def test_many_who_come_at_once_with_one_link_make_one_session(keeper: Doorkeeper) -> None:
    link = keeper.link()
    with ThreadPoolExecutor(16) as pool:
        cookies = list(pool.map(keeper.enter, [link] * 64))
    assert sum(cookie is not None for cookie in cookies) == 1


@pytest.mark.parametrize("wrong", ["", "x", "é" * 43, "\ud800"])
def test_a_wrong_link_opens_nothing_and_uses_nothing_up(keeper: Doorkeeper, wrong: str) -> None:
    link = keeper.link()
    assert keeper.enter(wrong) is None
    assert keeper.enter(link)


def test_without_a_link_nothing_opens(keeper: Doorkeeper) -> None:
    assert keeper.enter("") is None
    assert keeper.session("") is None


def test_a_link_grows_old(keeper: Doorkeeper, ticks: Ticks) -> None:
    link = keeper.link()
    ticks.now += auth.LINK_SECONDS + 1
    assert keeper.enter(link) is None


def test_a_new_link_replaces_the_old_one(keeper: Doorkeeper) -> None:
    old, new = keeper.link(), keeper.link()
    assert keeper.enter(old) is None
    assert keeper.enter(new)


def test_a_session_ends_without_use_and_lasts_with_it(keeper: Doorkeeper, ticks: Ticks) -> None:
    cookie = keeper.enter(keeper.link())
    assert cookie
    for _ in range(3):
        ticks.now += auth.SESSION_SECONDS - 1
        assert keeper.session(cookie)
    ticks.now += auth.SESSION_SECONDS + 1
    assert keeper.session(cookie) is None


def test_an_open_stream_does_not_keep_a_session_alive(keeper: Doorkeeper, ticks: Ticks) -> None:
    cookie = keeper.enter(keeper.link())
    assert cookie
    ticks.now += auth.SESSION_SECONDS - 1
    assert keeper.session(cookie, extend=False)
    ticks.now += 2
    assert keeper.session(cookie) is None


def test_who_leaves_is_out(keeper: Doorkeeper) -> None:
    cookie = keeper.enter(keeper.link())
    assert cookie
    keeper.leave(cookie)
    assert keeper.session(cookie) is None


def test_secrets_differ_and_are_long(keeper: Doorkeeper) -> None:
    assert len({keeper.link() for _ in range(50)}) == 50
    cookies = [keeper.enter(keeper.link()) for _ in range(5)]
    assert all(cookie and len(cookie) >= 43 for cookie in cookies)
    tokens = {session.csrf for cookie in cookies if cookie and (session := keeper.session(cookie))}
    assert len(tokens) == 5


def test_sessions_are_bounded_and_the_oldest_goes(keeper: Doorkeeper) -> None:
    cookies = [keeper.enter(keeper.link()) for _ in range(20)]
    alive = [cookie for cookie in cookies if cookie and keeper.session(cookie)]
    assert alive == cookies[4:]
