"""Whether the bait is still there; and what a killed ``plant`` leaves behind is settled."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from subprocess import run

import pytest
from sqlalchemy import select, update

from canaries.core import store
from canaries.core.clock import FixedClock
from canaries.installation.home import Home
from canaries.ledger.entries import Entry
from canaries.mint.minting import mint
from canaries.plant import placements, planting
from canaries.plant.planters import State


@pytest.fixture
def planted(home: Home, tmp_path: Path) -> Path:
    """A file with a bait in it."""
    path = tmp_path / "notes.txt"
    path.write_text("hello\n")
    planting.plant(home, next(mint(home, "url")).canary.id, str(path))
    return path


def states(home: Home) -> list[State]:
    return [placement.state for placement in placements.check(home)]


def checked(home: Home) -> list[Entry]:
    with home.store.read() as connection:
        return list(home.reader.entries(connection, "checked"))


def test_a_check_that_finds_all_well_is_no_entry_but_has_a_date(home: Home, planted: Path) -> None:
    assert states(home) == [State.THERE]
    assert checked(home) == []
    (placement,) = placements.listing(home)
    assert placement.checked_at > placement.planted_at


def test_only_what_changed_is_an_entry(home: Home, planted: Path) -> None:
    whole = planted.read_text()
    planted.write_text("hello\n")
    assert states(home) == [State.GONE]
    assert states(home) == [State.GONE]
    planted.write_text(whole)
    assert states(home) == [State.THERE]
    assert [(entry.body["was"], entry.body["state"]) for entry in checked(home)] == [
        ("there", "gone"),
        ("gone", "there"),
    ]


def test_one_file_of_several_missing_is_a_change(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    result = planting.plant(home, next(mint(home, "aws-key")).canary.id, str(folder))
    assert len(result.items) > 1
    Path(result.items[0].where).unlink()
    assert states(home) == [State.CHANGED]
    for item in result.items[1:]:
        Path(item.where).unlink()
    assert states(home) == [State.GONE]


def test_of_one_canary_only(home: Home, planted: Path, tmp_path: Path) -> None:
    other = next(mint(home, "url")).canary
    planting.plant(home, other.id, str(tmp_path))
    assert [placement.canary for placement in placements.listing(home, canary=other.id)] == [other.id]
    assert len(list(placements.listing(home))) == 2


def make_planned(home: Home) -> None:
    """What is there after a kill between writing and recording."""
    with home.store.write() as connection:
        connection.execute(update(store.placement).values(state="planned", entry_id=""))


@pytest.mark.parametrize("there", [True, False])
def test_an_old_intent_is_settled_by_looking(home: Home, planted: Path, there: bool) -> None:
    make_planned(home)
    if not there:
        planted.write_text("hello\n")
    late = Home(home.path, FixedClock(datetime(2099, 1, 1, tzinfo=UTC)))
    assert states(late) == ([State.THERE] if there else [])
    with late.store.read() as connection:
        entries = list(late.reader.entries(connection, "planted"))
        rows = connection.execute(select(store.placement)).all()
    late.store.close()
    assert len(entries) == (2 if there else 1)
    assert [(row.state, row.entry_id) for row in rows] == ([("there", entries[-1].id)] if there else [])


def test_a_young_intent_may_still_be_at_work(home: Home, planted: Path) -> None:
    make_planned(home)
    planted.write_text("hello\n")
    assert states(home) == []
    assert [placement.state for placement in placements.listing(home)] == [State.PLANNED]


KILLED = """
import dataclasses, os, signal, sys
from pathlib import Path
from canaries.plant import planting
from canaries.installation.home import Home
home = Home.open(Path(sys.argv[1]))
plan = planting.plant(home, sys.argv[2], sys.argv[3], dry_run=True).plan
def put():
    plan.put()
    os.kill(os.getpid(), signal.SIGKILL)
details = planting.PlacementDetails("folder", plan.target, "me", plan.items)
planting.Placing(home, sys.argv[2]).carry_out(dataclasses.replace(plan, put=put), details)
"""


def test_bait_written_by_a_killed_plant_is_on_record(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    canary = next(mint(home, "url")).canary
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(planting.__file__).parents[2])}
    done = run(
        [sys.executable, "-c", KILLED, str(home.path), canary.id, str(folder)], env=environment, check=False
    )
    assert done.returncode == -9
    (left,) = folder.iterdir()
    (placement,) = placements.listing(home)
    assert placement.state is State.PLANNED
    assert [item.where for item in placement.items] == [str(left)]
