"""Ids found by an index: each once; too many are none at all, and a search then goes through all canaries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from canaries.core import store
from canaries.installation.home import Home
from canaries.mint import few_ids
from canaries.mint.finding import look
from canaries.mint.matching import Wanted
from canaries.mint.minting import mint
from canaries.plant.planting import plant


def test_each_once_or_none_at_all(
    home: Home, strike: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    canaries = [one.canary for one in mint(home, "url", count=4)]
    column = store.hit.c.canary_id
    with home.store.read() as connection:
        assert few_ids.ids_in(connection, column) == []
    for one in (canaries[0], canaries[2], canaries[0], canaries[1]):
        strike(home, one)
    used = sorted(one.id for one in canaries[:3])
    with home.store.read() as connection:
        assert few_ids.ids_in(connection, column) == used
        monkeypatch.setattr(few_ids, "MOST", 3)
        assert few_ids.ids_in(connection, column) == used
        monkeypatch.setattr(few_ids, "MOST", 2)
        assert few_ids.ids_in(connection, column) is None


def test_on_postgresql_too(postgres_home: Home) -> None:
    [one] = [one.canary for one in mint(postgres_home, "url")]
    with postgres_home.store.read() as connection:
        assert few_ids.ids_in(connection, store.canary.c.id) == [one.id]


@pytest.mark.parametrize("most", [0, 5_000])
def test_the_few_are_found_however_many_were_minted_since(
    home: Home, strike: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(few_ids, "MOST", most)
    used, planted = (one.canary for one in mint(home, "openai-key", count=2))
    list(mint(home, "url", count=6))
    strike(home, used)
    target = tmp_path / "shop.env"
    target.write_text("A=1\n")
    plant(home, planted.id, str(target))
    for wanted, expected in (
        (Wanted(used="yes"), used.id),
        (Wanted(planted="yes"), planted.id),
        (Wanted(place="shop"), planted.id),
    ):
        found = look(home, wanted, most=3)
        assert [one.id for one in found.found] == ([expected] if most else [])
        assert (found.after == "") is bool(most), "all of them were looked through"
    assert look(home, Wanted(used="yes", planted="yes")).found == ()
