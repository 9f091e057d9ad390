"""Which rows of a table were planted."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from canaries.installation.home import Home
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
