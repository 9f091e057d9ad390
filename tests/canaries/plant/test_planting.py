"""Planting end to end: what is in place is on record, and what is on record as planted is in place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from canaries.core import store
from canaries.core.errors import PlantError
from canaries.core.model import Canary
from canaries.installation.home import Home
from canaries.ledger.entries import Entry
from canaries.mint import catalogue
from canaries.mint.minting import mint
from canaries.plant import placements, planting
from canaries.plant.planters import State


def minted(home: Home, kind: str = "url") -> Canary:
    return next(mint(home, kind, memo="for the test")).canary


def entries(home: Home, kind: str) -> list[Entry]:
    with home.store.read() as connection:
        return list(home.reader.entries(connection, kind))


def rows(home: Home) -> list[Any]:
    with home.store.read() as connection:
        return list(connection.execute(select(store.placement)))


def test_the_entry_says_what_where_and_by_whom(any_home: Home, tmp_path: Path) -> None:
    canary = minted(any_home)
    target = tmp_path / "notes.txt"
    target.write_text("hello\n")
    planted = planting.plant(any_home, canary.id[:8], str(target))
    (entry,) = entries(any_home, "planted")
    assert entry.by == any_home.operator
    assert entry.body["canary"] == canary.id
    assert entry.body["placement"] == planted.placement
    assert entry.body["target"] == str(target)
    assert [item["how"] for item in entry.body["what"]] == ["appended"]
    assert canary.text in target.read_text()
    (row,) = rows(any_home)
    assert (row.id, row.entry_id, row.state) == (planted.placement, entry.id, "there")
    assert any(canary.tokens[0].value in trial for trial in planting.trials(planted))


def test_no_bait_in_clear_in_the_database(home: Home, tmp_path: Path) -> None:
    canary = minted(home)
    planting.plant(home, canary.id, str(tmp_path))
    home.store.close()
    data = b"".join(path.read_bytes() for path in home.path.glob("trapline.db*"))
    assert canary.tokens[0].value.encode() not in data
    assert str(tmp_path / "notes").encode() not in data


def test_a_dry_run_leaves_no_trace(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    planted = planting.plant(home, minted(home).id, str(folder), dry_run=True)
    assert planted.plan.steps
    assert list(folder.iterdir()) == []
    assert rows(home) == []
    assert entries(home, "planted") == []


def test_a_refused_target_leaves_no_trace(home: Home, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(PlantError):
        planting.plant(home, minted(home).id, str(tmp_path / "a.json"))
    assert rows(home) == []


def test_a_write_that_fails_takes_its_intent_away(home: Home, tmp_path: Path) -> None:
    canary = minted(home)
    folder = tmp_path / "site"
    folder.mkdir()
    plan = planting.plant(home, canary.id, str(folder), dry_run=True).plan
    folder.rmdir()
    details = planting.PlacementDetails("folder", plan.target, "me", plan.items)
    with pytest.raises(PlantError):
        planting.Placing(home, canary.id).carry_out(plan, details)
    assert rows(home) == []
    assert entries(home, "planted") == []


def test_a_recording_that_fails_takes_the_bait_away_again(home: Home, tmp_path: Path) -> None:
    """The database refuses *planted* entries by a trigger of its own: the write before it must be undone."""
    canary = minted(home)
    with home.store.write() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER full BEFORE INSERT ON entry WHEN NEW.kind = 'planted' "
                "BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        )
    target = tmp_path / "notes.txt"
    target.write_text("hello\n")
    with pytest.raises(Exception, match="no"):
        planting.plant(home, canary.id, str(target))
    assert target.read_text() == "hello\n"
    assert rows(home) == []
    assert list(placements.listing(home)) == []


def test_the_intent_is_on_record_while_the_bait_is_written(home: Home, tmp_path: Path) -> None:
    """A kill in this moment leaves a placement that the next check settles."""
    import dataclasses

    canary = minted(home)
    plan = planting.plant(home, canary.id, str(tmp_path), dry_run=True).plan
    seen: list[State] = []

    def put() -> Any:
        seen.extend(placement.state for placement in placements.listing(home))
        return plan.put()

    details = planting.PlacementDetails("folder", plan.target, "me", plan.items)
    planting.Placing(home, canary.id).carry_out(dataclasses.replace(plan, put=put), details)
    assert seen == [State.PLANNED]


def test_a_retired_canary_is_not_planted(home: Home, tmp_path: Path) -> None:
    canary = minted(home)
    catalogue.retire(home, canary.id)
    with pytest.raises(PlantError, match="is retired"):
        planting.plant(home, canary.id, str(tmp_path))


def test_a_second_place_of_the_same_canary_is_counted(home: Home, tmp_path: Path) -> None:
    canary = minted(home)
    assert planting.plant(home, canary.id, str(tmp_path)).elsewhere == 0
    assert planting.plant(home, canary.id, str(tmp_path)).elsewhere == 1
