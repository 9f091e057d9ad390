"""Which rows of a table were planted."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from canaries.installation.home import Home
from canaries.plant.newcomers import plant_new
from canaries.plant.realism_rows import of


def test_a_table_without_bait(home: Home, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
    connection.execute("INSERT INTO t (a) VALUES ('x'), ('y')")
    connection.commit()
    connection.close()
    rows, planted = of(home, f"sqlite:///{tmp_path}/a.db", "t")
    assert [row["a"] for row in rows] == ["y", "x"]
    assert planted == [False, False]


@pytest.mark.parametrize("key", ["id INTEGER PRIMARY KEY, ", ""])
def test_planted_rows_are_known_by_what_finds_them_again(home: Home, tmp_path: Path, key: str) -> None:
    """Also in a table without a primary key."""
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute(f"CREATE TABLE t ({key}email TEXT, name TEXT)")
    connection.execute("INSERT INTO t (email, name) VALUES ('a@corp.invalid', 'A')")
    connection.commit()
    connection.close()
    target = f"sqlite:///{tmp_path}/a.db?table=t"
    plant_new(home, "user", target, chance=random.Random(1))
    rows, planted = of(home, target)
    assert [row["name"] for row, bait in zip(rows, planted, strict=True) if not bait] == ["A"]
    assert len(rows) == 2
