"""Minting and planting in one."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from canaries.core import store
from canaries.core.errors import PlantError
from canaries.installation.home import Home
from canaries.mint import catalogue
from canaries.plant.newcomers import plant_new
from canaries.plant.realism_rows import of
from canaries.plant.unplanting import unplant
from tests import steady

TOML = (
    '[bait]\nbase_url = "https://{label}.own.example"\ndomain = "own.example"\n[traps.http]\n[traps.smtp]\n'
)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Home]:
    made = steady.installation(tmp_path / "home", TOML, "newcomers")
    yield made
    made.store.close()


def table_of(folder: Path, names: int = 40) -> str:
    connection = sqlite3.connect(folder / "a.db")
    connection.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, email TEXT UNIQUE, created_at TEXT)"
    )
    people = [
        (f"Ann Lee{n}", f"ann.lee{n}@x.example", f"2026-01-{n % 28 + 1:02d} 10:00:00") for n in range(names)
    ]
    connection.executemany("INSERT INTO t (name, email, created_at) VALUES (?, ?, ?)", people)
    connection.commit()
    connection.close()
    return f"sqlite:///{folder}/a.db?table=t"


def rows(folder: Path) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(folder / "a.db")
    found = connection.execute("SELECT * FROM t ORDER BY id").fetchall()
    connection.close()
    return found


def canaries(home: Home) -> int:
    with home.store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(store.canary)).scalar_one())


def test_a_person_is_minted_to_fit_and_can_be_made_again(own: Home, tmp_path: Path) -> None:
    target = table_of(tmp_path)
    planted = plant_new(own, "user", target, memo="crm", chance=random.Random(1))
    name, email = rows(tmp_path)[-1][1:3]
    first, last = str(name).lower().split()
    assert str(email).startswith(f"{first}.{last}") or "'" in str(name)
    assert str(email).endswith("@own.example")
    canary = catalogue.find(own, planted.canary.id)
    assert canary.memo == "crm"
    assert catalogue.bait(own, canary).row["email"] == email
    found, bait = of(own, target)
    assert [row["email"] for row, one in zip(found, bait, strict=True) if one] == [email]
    unplant(own, canary.id)
    assert len(rows(tmp_path)) == 40
    assert not any(of(own, target)[1])


def test_what_cannot_be_planted_is_not_minted(own: Home, tmp_path: Path) -> None:
    target = table_of(tmp_path).replace("table=t", "table=none")
    with pytest.raises(PlantError, match="no table 'none'"):
        plant_new(own, "user", target)
    assert canaries(own) == 0


def test_what_was_minted_before_the_target_failed_is_named(own: Home, tmp_path: Path) -> None:
    target = table_of(tmp_path)
    with sqlite3.connect(tmp_path / "a.db") as database:
        database.execute("CREATE TRIGGER no BEFORE INSERT ON t BEGIN SELECT RAISE(ABORT, 'not by hand'); END")
    database.close()
    with pytest.raises(
        PlantError, match=r"^canary [0-9a-f]{16} was minted, and is planted nowhere: "
    ) as caught:
        plant_new(own, "user", target)
    assert canaries(own) == 1
    assert catalogue.find(own, str(caught.value).split()[1]).kind == "user"
    assert "trapline retire" in str(caught.value.hint)


def test_a_dry_run_mints_nothing(own: Home, tmp_path: Path) -> None:
    planted = plant_new(own, "user", table_of(tmp_path), dry_run=True, chance=random.Random(1))
    assert (planted.placement, planted.canary.id, canaries(own), len(rows(tmp_path))) == ("", "", 0, 40)


def test_a_namesake_is_drawn_again(own: Home, tmp_path: Path) -> None:
    first = plant_new(own, "user", table_of(tmp_path), chance=random.Random(1))
    second = plant_new(own, "user", f"sqlite:///{tmp_path}/a.db?table=t", chance=random.Random(1))
    assert first.bait.row["email"] != second.bait.row["email"]


def test_other_kinds_go_into_files(own: Home, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\n")
    planted = plant_new(own, "stripe-key", str(tmp_path / ".env"))
    assert planted.bait.tokens[0].value in (tmp_path / ".env").read_text()
