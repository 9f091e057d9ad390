"""What goes into which column: the operator's word first, then the bait, then the neighbours."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from canaries.core.errors import PlantError
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


@pytest.mark.parametrize(
    ("unique", "taken"),
    [
        ("UNIQUE (user_name)", True),
        ("UNIQUE (site, user_name)", True),
        ("UNIQUE (user_name, phone)", False),
        ("UNIQUE (user_name COLLATE NOCASE)", True),
        ("CHECK (1)", False),
    ],
)
def test_what_must_be_unique_is_nobody_elses(
    tmp_path: Path, bait: Bait, ask: Callable[..., PlantingRequest], unique: str, taken: bool
) -> None:
    """A user name is believable, so somebody may have it: the database would refuse the row."""
    target, bait = (
        f"sqlite:///{tmp_path}/a.db?table=t",
        replace(bait, row={**bait.row, "user_name": "bea.lee4711"}),
    )
    with contextlib.closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute(f"CREATE TABLE t (mail TEXT, user_name TEXT, phone TEXT, site TEXT, {unique})")
        people = [("a", "x", "1", "1"), ("b", "y", "2", "1"), ("c", bait.row["user_name"], "3", "1")]
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", people)
        connection.commit()
    where = table.address(target)
    with table.opened(where) as opened:
        drafter = Drafter(opened, where, ask(bait, target, values={"site": "1"}))
        if taken:
            with pytest.raises(PlantError, match="and no two may"):
                drafter.draft()
        else:
            assert drafter.draft().rows[0].values["mail"] == bait.row["email"]
