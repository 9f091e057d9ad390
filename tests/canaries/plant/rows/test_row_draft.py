"""What goes into which column: the operator's word first, then the bait, then the neighbours."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from canaries.core.model import Bait
from canaries.plant.planters import PlantingRequest
from canaries.plant.rows import table
from canaries.plant.rows.row_draft import Drafter


def test_sources_in_their_order(tmp_path: Path, bait: Bait, ask: Callable[..., PlantingRequest]) -> None:
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("CREATE TABLE t (mail TEXT, phone TEXT, plan TEXT NOT NULL, note TEXT)")
    connection.executemany("INSERT INTO t VALUES (?, ?, 'free', NULL)", [("a", "1"), ("b", "2"), ("c", "3")])
    connection.commit()
    connection.close()
    target = f"sqlite:///{tmp_path}/a.db?table=t"
    where = table.address(target)
    with table.opened(where) as opened:
        draft = Drafter(opened, where, ask(bait, target, values={"phone": "none"})).draft()
    (row,) = draft.rows
    assert row.values == {"phone": "none", "mail": bait.row["email"], "plan": "free"}
    assert row.planted == {"mail": bait.row["email"]}
    assert row.sources == {
        "phone": "as you said",
        "mail": "the bait's email",
        "plan": "the donor row's",
    }
    assert draft.found_by == {"mail": bait.row["email"]}
