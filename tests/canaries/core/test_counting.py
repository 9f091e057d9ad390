"""Rows are counted as far as it matters, and the words say where that was the end."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from canaries.core import counting, store
from canaries.installation.home import Home
from canaries.mint.minting import mint


@pytest.mark.parametrize("engine", ["home", "postgres_home"])
def test_no_more_than_one_beyond_the_bound_are_counted(engine: str, request: pytest.FixtureRequest) -> None:
    home: Home = request.getfixturevalue(engine)
    list(mint(home, "url", count=5))
    query = select(store.canary.c.id)
    with home.store.read() as connection:
        assert [counting.up_to(connection, query, most) for most in (3, 4, 5, 9)] == [4, 5, 5, 5]


def test_words() -> None:
    assert counting.words(0) == "0"
    assert counting.words(100_000) == "100,000"
    assert counting.words(100_001) == "more than 100,000"
