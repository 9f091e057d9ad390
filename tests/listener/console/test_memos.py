"""Memos: looked up once, empty where there is no record any more."""

from __future__ import annotations

from sqlalchemy import update

from canaries.core import store
from canaries.core.model import Canary
from canaries.installation.home import Home
from listener.console.memos import Memos


def test_a_memo_is_looked_up_once(home: Home, canary: Canary) -> None:
    memo = Memos(home)
    assert memo(canary.id) == canary.memo
    with home.store.write() as connection:
        connection.execute(update(store.canary).values(sealed=None))
    assert memo(canary.id) == canary.memo


def test_an_erased_or_unknown_canary_has_no_memo(home: Home, canary: Canary) -> None:
    with home.store.write() as connection:
        connection.execute(update(store.canary).values(sealed=None))
    assert Memos(home)(canary.id) == ""
    assert Memos(home)("0" * 16) == ""
