"""Placements and dates of retirement agree with the entries they are an index of, and each change of one is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, update

from canaries.core import store
from canaries.core.errors import LedgerError
from canaries.installation.home import Home
from canaries.ledger.verification import verify
from canaries.mint import catalogue
from canaries.mint.minting import mint
from canaries.plant.planting import plant

THEN = "2020-01-01T00:00:00.000000Z"


@pytest.fixture
def planted(any_home: Home, tmp_path: Path) -> Home:
    """Two canaries, each planted, one of them retired."""
    first, second = mint(any_home, "url", count=2)
    for minted in (first, second):
        plant(any_home, minted.canary.id, str(tmp_path))
    catalogue.retire(any_home, first.canary.id)
    return any_home


def test_an_honest_index_agrees(planted: Home) -> None:
    assert verify(planted).absent == ()


def take_all_away(connection: Connection) -> None:
    connection.execute(delete(store.placement))


def call_them_another_canary_s(connection: Connection) -> None:
    connection.execute(update(store.placement).values(canary_id="f" * 16))


def lead_elsewhere(connection: Connection) -> None:
    connection.execute(update(store.placement).values(entry_id="f" * 32))


def add_one(connection: Connection) -> None:
    row = {"id": "f" * 16, "entry_id": "f" * 32, "canary_id": "f" * 16, "planted_at": THEN, "state": "there"}
    connection.execute(insert(store.placement).values(**row))


def date_back(connection: Connection) -> None:
    retired = store.canary.c.retired_at != ""
    connection.execute(update(store.canary).where(retired).values(retired_at=THEN))


def retire(connection: Connection) -> None:
    live = store.canary.c.retired_at == ""
    connection.execute(update(store.canary).where(live).values(retired_at=THEN))


def revive(connection: Connection) -> None:
    connection.execute(update(store.canary).values(retired_at=""))


@pytest.mark.parametrize(
    ("attack", "finding"),
    [
        (take_all_away, "was planted, says entry .*, and no placement of it is there"),
        (call_them_another_canary_s, "was planted, says entry .*, and no placement of it is there"),
        (lead_elsewhere, "was planted, says entry .*, and no placement of it is there"),
        (add_one, "the placement f+ is of no .planted. entry"),
        (date_back, "is retired as of 2020.*, and its entries say another"),
        (retire, "is retired as of 2020.*, and its entries say another"),
        (revive, "is retired as of no time, and its entries say another"),
    ],
)
def test_each_change_of_a_row_is_named(
    planted: Home, attack: Callable[[Connection], None], finding: str
) -> None:
    with planted.store.write() as connection:
        attack(connection)
    with pytest.raises(LedgerError, match=finding):
        verify(planted)


def test_an_incident_that_is_not_listed_is_named(any_home: Home, strike: Callable[..., str]) -> None:
    """Whoever takes its row away has it gone from every list, and no dossier of it is built."""
    (minted,) = mint(any_home, "url")
    strike(any_home, minted.canary)
    verify(any_home)
    with any_home.store.write() as connection:
        connection.execute(delete(store.incident))
    with pytest.raises(LedgerError, match=r"hits are of the incident .*, which is not among the incidents"):
        verify(any_home)


def test_what_a_killed_plant_left_is_no_finding(any_home: Home, tmp_path: Path) -> None:
    """A placement that is planned has no entry yet."""
    (minted,) = mint(any_home, "url")
    row = {
        "id": "a" * 16,
        "entry_id": "",
        "canary_id": minted.canary.id,
        "planted_at": THEN,
        "state": "planned",
    }
    with any_home.store.write() as connection:
        connection.execute(insert(store.placement).values(**row))
    assert verify(any_home).absent == ()


def test_more_placements_than_are_looked_at_together(
    any_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canaries.ledger.index_checks._AT_ONCE", 2)
    for minted in mint(any_home, "url", count=5):
        plant(any_home, minted.canary.id, str(tmp_path))
    assert verify(any_home).entries + verify(any_home).unsealed == 6
