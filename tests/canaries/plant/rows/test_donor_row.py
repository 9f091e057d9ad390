"""A neighbour's row becomes the phony person's: nothing of the neighbour's own comes over."""

from __future__ import annotations

import json
import random
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from canaries.core.errors import PlantError
from canaries.core.model import Bait
from canaries.plant.planters import PlantingRequest
from canaries.plant.rows import table
from canaries.plant.rows.row_draft import Drafter

SCHEMA = """CREATE TABLE people (
    id INTEGER PRIMARY KEY, full_name TEXT, mail TEXT UNIQUE, mail_lower TEXT, phone TEXT, plan TEXT, api_key TEXT,
    sign_up_ip TEXT, profile JSON, owner_id INT REFERENCES people(id), ref_no INT UNIQUE, bio TEXT, invited_at TEXT,
    created_at TEXT, updated_at TEXT
)"""
NAMES = ("Ann Leer", "Bob Stone", "Cyd Marsh", "Dan Finch", "Eve Hollow", "Fay Brook")


@pytest.fixture
def row(tmp_path: Path, bait: Bait, ask: Callable[..., PlantingRequest]) -> dict[str, Any]:
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute(SCHEMA)
    for n, name in enumerate(NAMES, 1):
        key = random.Random(n).randbytes(10).hex()
        mail = f"{name.replace(' ', '.')}@mail{n}.example"
        hello = json.dumps({"hello": f"Hi {name.split()[0]}", "tabs": 2})
        person = (
            n,
            name,
            mail,
            mail.lower(),
            f"+1415555{2000 + n}",
            "free",
            f"key_{key}",
            f"192.0.2.{n}",
            hello,
        )
        times = (None, f"2026-11-1{n} 08:00:00", f"2026-11-1{n} 09:30:00")
        marks = ", ".join("?" * 15)
        connection.execute(f"INSERT INTO people VALUES ({marks})", (*person, n, 700 + n, "", *times))
    connection.commit()
    connection.close()
    target = f"sqlite:///{tmp_path}/a.db?table=people"
    where = table.address(target)
    with table.opened(where) as opened:
        (drafted,) = Drafter(opened, where, ask(bait, target)).draft().rows
    assert drafted.links == (("owner_id", 0, "id"),), "as the neighbours' own, which is the row itself"
    return dict(drafted.values)


def test_names_in_all_their_forms(row: dict[str, Any], bait: Bait) -> None:
    assert row["full_name"] == "Mara Okonjo"
    assert row["mail"] == row["mail_lower"] == bait.row["email"]
    assert json.loads(row["profile"]) == {"hello": "Hi Mara", "tabs": 2}


def test_notations_and_habits(row: dict[str, Any]) -> None:
    assert row["phone"] == "+12025550123"
    assert (row["plan"], row["bio"]) == ("free", "")
    assert "invited_at" not in row, "NULL stays NULL"
    assert row["created_at"] < row["updated_at"] <= "2026-11-22 12:00:00"


def test_what_is_each_ones_own_is_drawn_anew(row: dict[str, Any]) -> None:
    assert re.fullmatch(r"key_[0-9a-f]{20}", row["api_key"])
    assert row["api_key"] not in {f"key_{random.Random(n).randbytes(10).hex()}" for n in range(1, 7)}
    assert row["sign_up_ip"] in {f"192.0.2.{n}" for n in range(1, 7)}
    assert row["ref_no"] == 707
    assert "id" not in row


def test_a_neighbours_own_words_are_never_copied(
    tmp_path: Path, bait: Bait, ask: Callable[..., PlantingRequest]
) -> None:
    connection = sqlite3.connect(tmp_path / "b.db")
    connection.execute("CREATE TABLE t (mail TEXT, essay TEXT NOT NULL)")
    connection.executemany(
        "INSERT INTO t VALUES (?, ?)", [(f"m{n}@x.example", f"I like {n} cats") for n in range(5)]
    )
    connection.commit()
    connection.close()
    target = f"sqlite:///{tmp_path}/b.db?table=t"
    where = table.address(target)
    with table.opened(where) as opened, pytest.raises(PlantError, match="needs a value for essay"):
        Drafter(opened, where, ask(bait, target)).draft()
