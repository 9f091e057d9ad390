"""How much of a table an incident has seen used, in the alert, on the command line and in the report."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from canaries.core.model import Canary
from canaries.crypto.sealed_box import Locker
from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.plant.planting import plant
from canaries.plant.unplanting import unplant
from listener.cli import trapline
from listener.incidents import queries
from listener.incidents.reach import TableReach, reaches, told


@pytest.fixture
def people(home: Home, tmp_path: Path) -> list[Canary]:
    """Four in a table, the last of them taken out again; the first also in a file."""
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, email TEXT)")
    connection.close()
    found = [one.canary for one in mint(home, "user", count=4)]
    for one in found:
        placed = plant(home, one.id, f"sqlite:///{tmp_path}/shop.db?table=people")
    unplant(home, placed.placement, reason="too many")
    return found


def of(home: Home, incident: str) -> list[TableReach]:
    with home.store.read() as connection:
        return reaches(connection, Locker(home.keys.alerts), incident)


def test_h_of_m(home: Home, people: list[Canary], strike: Callable[..., str], tmp_path: Path) -> None:
    place = f"sqlite:///{tmp_path}/shop.db?table=people"
    strike(home, people[0])
    [hit] = queries.hits(home)
    assert of(home, hit.incident) == [TableReach(place, 1, 3)]
    assert told(of(home, hit.incident)) == f"1 of the 3 canaries in {place}"
    strike(home, people[1])
    strike(home, people[2])
    incident = list(queries.hits(home))[-1].incident
    assert told(of(home, incident)) == f"all 3 canaries in {place}"
    shown = CliRunner().invoke(trapline, ["--home", str(home.path), "incident", incident])
    assert f"all 3 canaries in {place}" in shown.output
    said = CliRunner().invoke(trapline, ["--home", str(home.path), "incident", incident, "--json"])
    assert json.loads(said.output)["reach"] == [{"place": place, "used": 3, "planted": 3}]


def test_a_table_with_one_canary_says_nothing(home: Home, tmp_path: Path, strike: Callable[..., str]) -> None:
    with sqlite3.connect(tmp_path / "one.db") as connection:
        connection.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, email TEXT)")
    connection.close()
    [one] = mint(home, "user")
    plant(home, one.canary.id, f"sqlite:///{tmp_path}/one.db?table=people")
    strike(home, one.canary)
    [hit] = queries.hits(home)
    assert of(home, hit.incident) == []
    assert told([]) == ""
