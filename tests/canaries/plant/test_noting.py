"""A place that is noted is on record like any other; nothing looks at it, scans it, or plants there again."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaries.core.errors import NotFoundError, PlantError
from canaries.installation.home import Home
from canaries.mint import catalogue, finding
from canaries.mint.matching import Wanted
from canaries.mint.minting import mint
from canaries.plant import noting, placements
from canaries.plant.planters import State
from canaries.plant.rotating import rotate
from canaries.plant.unplanting import unplant
from canaries.scan.places import of_home

WHERE = "build server 7, ~/.aws/credentials"


@pytest.fixture
def canary(home: Home) -> str:
    return next(iter(mint(home, "aws-key"))).canary.id


def test_it_is_an_entry_and_a_placement_once(home: Home, canary: str) -> None:
    first = noting.note(home, canary, f" {WHERE} ")
    assert noting.note(home, canary, WHERE) == first
    assert noting.note(home, canary, "elsewhere") != first
    with home.store.read() as connection:
        entries = list(home.reader.entries(connection, "planted"))
    assert [one.body["target"] for one in entries] == [WHERE, "elsewhere"]
    assert {one.body["planter"] for one in entries} == {noting.NOTED}
    [found] = finding.look(home, Wanted(place="SERVER 7")).found
    assert (found.id, found.placements) == (canary, 2)


def test_nothing_looks_at_it_or_takes_it_for_a_file_here(home: Home, canary: str, tmp_path: Path) -> None:
    file = tmp_path / "credentials"
    file.write_text("not the bait")
    noting.note(home, canary, str(file))
    [found] = placements.check(home)
    assert (found.state, found.checked_at) == (State.THERE, "")
    assert of_home(home, b"k" * 32).tags == {}
    with pytest.raises(PlantError, match="noted by hand"):
        rotate(home, canary)
    assert file.read_text() == "not the bait"


def test_that_it_is_gone_is_written_down(home: Home, canary: str) -> None:
    placement = noting.note(home, canary, WHERE)
    [done] = unplant(home, placement, reason="server is gone")
    assert done.steps == (f"write down that it is gone from {WHERE}; nothing here can reach that",)
    [found] = placements.listing(home)
    assert found.state is State.REMOVED
    assert noting.note(home, canary, WHERE) != placement, "there again"


def test_wrong_use_writes_nothing(home: Home, canary: str) -> None:
    for words in ("", " \n", "x" * 1001):
        with pytest.raises(PlantError, match="a place is named by"):
            noting.note(home, canary, words)
    with pytest.raises(NotFoundError):
        noting.note(home, "f" * 16, WHERE)
    catalogue.retire(home, canary, "over")
    with pytest.raises(PlantError, match="is retired"):
        noting.note(home, canary, WHERE)
    assert list(placements.listing(home)) == []
