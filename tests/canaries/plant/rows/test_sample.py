"""What is usual in a column."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from canaries.plant.rows import layout, sample, table
from canaries.plant.rows.sample import Sample

ROWS = tuple(
    {"plan": "free" if n < 9 else None, "mail": f"key-{n}@x", "note": "" if n else "x"} for n in range(10)
)


def test_facts_of_columns() -> None:
    found = Sample(ROWS)
    assert found.shared("plan", "free")
    assert not found.shared("mail", "key-1@x")
    assert found.varied("mail")
    assert not found.varied("plan")
    assert (found.blank("note"), found.blank("plan")) == ("", None)
    assert (found.common_start("mail"), found.common_start("plan")) == (4, 0)
    assert found.largest("mail") == "key-9@x"
    assert Sample(()).largest("mail") is None


def test_the_newest_come_first(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, created_at TEXT)")
    connection.executemany(
        "INSERT INTO t VALUES (?, ?)", [(1, "2026-02-01"), (2, "2026-03-01"), (3, "2026-01-01")]
    )
    connection.commit()
    connection.close()
    where = table.address(f"sqlite:///{tmp_path}/a.db?table=t")
    with table.opened(where) as opened:
        rows = sample.take(opened, where, layout.layout(opened, where)).rows
    assert [row["id"] for row in rows] == [2, 1, 3]
