"""``trapline placements``: exit status 1 where a bait is not as it was planted."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from canaries.commands.placements import command
from canaries.installation.home import Home
from canaries.installation.session import Session
from canaries.mint.minting import mint
from canaries.plant import planting


def trapline(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, obj=Session(home.path), standalone_mode=False)


def test_nothing_yet(home: Home) -> None:
    result = trapline(home)
    assert (result.stdout, result.return_value) == ("", 0)
    assert "trapline plant" in result.stderr


def test_status_follows_the_bait(home: Home, tmp_path: Path) -> None:
    canary = next(mint(home, "url")).canary
    done = planting.plant(home, canary.id, str(tmp_path))
    assert trapline(home, "--check").return_value == 0
    Path(done.items[0].where).unlink()
    assert trapline(home).return_value == 0
    result = trapline(home, "--check", "--json")
    assert result.return_value == 1
    value = json.loads(result.stdout)
    assert (value["id"], value["canary"], value["state"]) == (done.placement, canary.id, "gone")
    assert value["reason"] == "the file is not there"


def test_a_state_says_as_of_when(home: Home, tmp_path: Path) -> None:
    canary = next(mint(home, "url")).canary
    planting.plant(home, canary.id, str(tmp_path))
    first = json.loads(trapline(home, "--json").stdout)
    assert f"there        as of {first['planted_at'][:16]}Z" in trapline(home).stdout
    result = trapline(home, "--check")
    checked = json.loads(trapline(home, "--json").stdout)["checked_at"]
    assert f"there        as of {checked[:16]}Z" in result.stdout
    assert result.stderr == "1 placement checked, 0 not as planted\n"


def test_of_one_canary(home: Home, tmp_path: Path) -> None:
    first, second = (one.canary for one in mint(home, "url", count=2))
    planting.plant(home, first.id, str(tmp_path))
    assert trapline(home, "--canary", second.id[:8], "--json").stdout == ""
    assert json.loads(trapline(home, "--canary", first.id[:8], "--json").stdout)["canary"] == first.id
