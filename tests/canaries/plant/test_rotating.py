"""New bait in the place of old."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from canaries.core.errors import PlantError
from canaries.installation.home import Home
from canaries.mint import catalogue, minting
from canaries.plant.newcomers import plant_new
from canaries.plant.planting import plant
from canaries.plant.rotating import rotate


def test_in_a_file_one_entry_takes_the_place_of_the_other(home: Home, tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("A=1\nB=2\n")
    old = plant_new(home, "stripe-key", str(path), memo="shop")
    (one,) = rotate(home, old.placement, reason="a year is over")
    assert one.new is not None
    assert one.retired
    text = path.read_text()
    assert old.bait.tokens[0].value not in text
    assert one.new.bait.tokens[0].value in text
    assert {"A=1", "B=2"} <= set(text.splitlines())
    assert catalogue.find(home, one.new.canary.id).memo == "shop"
    assert catalogue.summary(home, old.canary.id).retired_at
    with pytest.raises(PlantError, match="retired"):
        plant(home, old.canary.id, str(path))


def test_files_of_its_own_are_written_anew(home: Home, tmp_path: Path) -> None:
    canary = next(iter(minting.mint(home, "ssh-key"))).canary
    old = plant(home, canary.id, str(tmp_path))
    names = [item.where for item in old.items]
    before = [Path(name).read_bytes() for name in names]
    (one,) = rotate(home, canary.id)
    assert one.new is not None
    assert [item.where for item in one.new.items] == names
    assert [Path(name).read_bytes() for name in names] != before


def test_a_row_gives_way_to_another_person(home: Home, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, email TEXT)")
    target = f"sqlite:///{tmp_path}/a.db?table=t"
    old = plant_new(home, "user", target, chance=random.Random(1))
    (one,) = rotate(home, old.placement)
    assert one.new is not None
    emails = [row[0] for row in connection.execute("SELECT email FROM t")]
    connection.close()
    assert emails == [one.new.bait.row["email"]] != [old.bait.row["email"]]


def test_where_the_old_was_changed_nothing_happens(home: Home, tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("A=1\n")
    old = plant_new(home, "stripe-key", str(path))
    path.write_text(path.read_text().replace(old.bait.tokens[0].value, "edited"))
    text = path.read_text()
    with pytest.raises(PlantError):
        rotate(home, old.placement)
    assert path.read_text() == text
    assert len(list(catalogue.listing(home))) == 1


def test_a_dry_run_touches_nothing(home: Home, tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("A=1\n")
    old = plant_new(home, "stripe-key", str(path))
    text = path.read_text()
    (one,) = rotate(home, old.placement, dry_run=True)
    assert not one.retired
    assert path.read_text() == text
    assert len(list(catalogue.listing(home))) == 1
