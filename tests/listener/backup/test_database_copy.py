"""The database as a file, and back: every row of every table, from any engine to any."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from canaries.core.errors import StoreError
from canaries.core.store import Store
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from canaries.mint import minting
from listener.backup import database_copy


def fill(home: Home) -> None:
    list(minting.mint(home, "url", count=3))
    LogSealer(home).seal_once()
    LogSealer(home).checkpoint()


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """As a foreign reader sees it."""
    with closing(sqlite3.connect(path)) as database, database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(database.execute(f'SELECT * FROM "{name}"'), key=repr) for name in names}


def test_every_row_goes_there_and_back(any_home: Home, tmp_path: Path) -> None:
    fill(any_home)
    counts = database_copy.save(any_home.store, tmp_path / "one.db")
    found = content(tmp_path / "one.db")
    assert {name: len(rows) for name, rows in found.items()} == counts == database_copy.counts(any_home.store)
    assert counts["token"] == 3
    other = Store.sqlite(tmp_path / "two.db")
    database_copy.load(tmp_path / "one.db", other)
    other.close()
    assert content(tmp_path / "two.db") == found


def test_an_occupied_database_is_refused_untouched(any_home: Home, tmp_path: Path) -> None:
    fill(any_home)
    with Home.create(tmp_path / "other", "") as other:
        database_copy.save(other.store, tmp_path / "other.db")
    before = database_copy.counts(any_home.store)
    with pytest.raises(StoreError, match="already belongs to an installation"):
        database_copy.load(tmp_path / "other.db", any_home.store)
    assert database_copy.counts(any_home.store) == before
