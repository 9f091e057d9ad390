"""The check of the database."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from canaries.core import store
from canaries.core.errors import StoreError
from canaries.installation.home import Home
from listener.health.checks.database import DatabaseCheck
from tests.listener.health.looking import failures


def test_well(look: Any) -> None:
    assert not failures(look(DatabaseCheck))


def set_meta(home: Home, name: str, value: str) -> None:
    with home.store.write() as connection:
        connection.execute(update(store.meta).where(store.meta.c.name == name).values(value=value))


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [("home", "f" * 32, "another installation"), ("version", "999", "is of version 999")],
)
def test_one_of_another_make(home: Home, look: Any, name: str, value: str, word: str) -> None:
    set_meta(home, name, value)
    with pytest.raises(StoreError, match=word):
        look(DatabaseCheck)


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("postgresql://nobody@127.0.0.1:1/none", "database error"),
        ("postgresql://nobody@host.invalid/none", "database error"),
        ("oracle://x@y/z", "names 'oracle'"),
        ("not a url", "no database URL"),
    ],
)
def test_one_that_is_away_or_none(home: Home, look: Any, url: str, word: str) -> None:
    (home.path / "trapline.toml").write_text(f'[store]\nurl = "{url}"\n')
    with pytest.raises(StoreError) as caught:
        look(DatabaseCheck)
    assert word in caught.value.sentence or "not a database URL" in caught.value.sentence


def test_one_that_is_gone_or_rubbish(home: Home, look: Any) -> None:
    home.store.close()
    path = home.path / "trapline.db"
    for leftover in home.path.glob("trapline.db-*"):
        leftover.unlink()
    path.write_bytes(b"no database at all, whatever its name says" * 100)
    with pytest.raises(StoreError, match="not a database"):
        look(DatabaseCheck)
    path.unlink()
    with pytest.raises(StoreError, match=r"trapline\.db is missing"):
        look(DatabaseCheck)
    path.touch()
    with pytest.raises(StoreError, match="holds no installation"):
        look(DatabaseCheck)
