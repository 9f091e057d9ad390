"""Taking back is an entry; what cannot be taken back is left alone and said."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from canaries.core import store
from canaries.core.errors import NotFoundError, PlantError, StoreError
from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.plant import placements, planting
from canaries.plant.planters import State
from canaries.plant.unplanting import unplant


def entries(home: Home, kind: str) -> list[dict[str, object]]:
    with home.store.read() as connection:
        return [entry.body for entry in home.reader.entries(connection, kind)]


@pytest.fixture
def env(tmp_path: Path) -> Path:
    path = tmp_path / ".env"
    path.write_text("A=1\nDB_PASSWORD=x\n")
    return path


def test_the_file_is_as_it_was_and_the_ledger_says_so(any_home: Home, env: Path) -> None:
    before = env.read_bytes()
    canary = next(mint(any_home, "stripe-key")).canary
    planted = planting.plant(any_home, canary.id, str(env))
    (done,) = unplant(any_home, planted.placement, reason="over")
    assert env.read_bytes() == before
    (body,) = entries(any_home, "unplanted")
    assert (body["canary"], body["placement"], body["reason"]) == (canary.id, planted.placement, "over")
    assert done.remains
    (listed,) = placements.listing(any_home)
    assert listed.state is State.REMOVED
    assert list(placements.check(any_home)) == []
    with pytest.raises(NotFoundError, match="no bait of"):
        unplant(any_home, planted.placement)


def test_a_canary_is_taken_back_from_everywhere(home: Home, env: Path, tmp_path: Path) -> None:
    canary = next(mint(home, "stripe-key")).canary
    planting.plant(home, canary.id, str(env))
    (tmp_path / "other").mkdir()
    assert planting.plant(home, canary.id, str(tmp_path / "other")).elsewhere == 1
    assert len(unplant(home, canary.id)) == 2
    assert planting.plant(home, canary.id, str(tmp_path / "other"), dry_run=True).elsewhere == 0


def test_where_one_cannot_be_taken_back_none_is(home: Home, env: Path, tmp_path: Path) -> None:
    canary = next(mint(home, "stripe-key")).canary
    planting.plant(home, canary.id, str(env))
    notes = tmp_path / "notes.txt"
    notes.write_text("x\n")
    planting.plant(home, canary.id, str(notes))
    notes.write_text(notes.read_text().replace("STRIPE", "EDITED"))
    held = env.read_bytes()
    with pytest.raises(PlantError, match=r"notes\.txt"):
        unplant(home, canary.id)
    assert env.read_bytes() == held
    assert entries(home, "unplanted") == []


def test_a_dry_run_touches_nothing(home: Home, env: Path) -> None:
    canary = next(mint(home, "stripe-key")).canary
    planting.plant(home, canary.id, str(env))
    held = env.read_bytes()
    assert unplant(home, canary.id, dry_run=True)[0].steps
    assert env.read_bytes() == held
    with home.store.read() as connection:
        assert connection.execute(select(store.placement.c.state)).scalar_one() == "there"


def test_where_the_ledger_cannot_be_written_the_bait_is_put_back(
    home: Home, env: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = next(mint(home, "stripe-key")).canary
    planting.plant(home, canary.id, str(env))
    held = env.read_bytes()

    def refuse(*_: object) -> None:
        raise StoreError("database error")

    monkeypatch.setattr(type(home.writer), "record", refuse)
    with pytest.raises(StoreError):
        unplant(home, canary.id)
    assert env.read_bytes() == held
