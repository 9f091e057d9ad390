"""``trapline plant``: steps on stdout, advice on stderr, JSON for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from canaries.commands.plant import command, sensor_hint
from canaries.core.errors import NotFoundError, PlantError
from canaries.core.model import Canary
from canaries.installation.home import Home
from canaries.installation.session import Session
from canaries.mint.minting import mint


@pytest.fixture
def canary(home: Home) -> Canary:
    return next(mint(home, "url")).canary


def trapline(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, obj=Session(home.path), standalone_mode=False)


def test_it_ends_with_how_to_test_fire_it(home: Home, canary: Canary, tmp_path: Path) -> None:
    result = trapline(home, canary.id, str(tmp_path))
    assert result.exception is None
    assert result.stdout.startswith("create ")
    assert canary.tokens[0].value in result.stderr
    assert f"trapline hits --canary {canary.id}" in result.stderr


def test_json_is_one_object(home: Home, canary: Canary, tmp_path: Path) -> None:
    value: dict[str, Any] = json.loads(trapline(home, canary.id, str(tmp_path), "--json").stdout)
    assert value["canary"] == canary.id
    assert value["planter"] == "folder"
    assert Path(value["what"][0]["where"]).is_file()


def test_a_dry_run_says_would(home: Home, canary: Canary, tmp_path: Path) -> None:
    result = trapline(home, canary.id, str(tmp_path), "--dry-run")
    assert result.stdout.startswith("would create ")
    assert "Planted" not in result.stderr


def test_a_second_place_is_warned_of(home: Home, canary: Canary, tmp_path: Path) -> None:
    trapline(home, canary.id, str(tmp_path))
    assert "a hit cannot tell" in trapline(home, canary.id, str(tmp_path)).stderr


def test_hostile_names_do_not_reach_the_terminal(home: Home, canary: Canary, tmp_path: Path) -> None:
    folder = tmp_path / "a\x1b[2Jb"
    folder.mkdir()
    result = trapline(home, canary.id, str(folder))
    assert "\x1b" not in result.output
    assert "\\x1b" in result.output


def test_wrong_input(home: Home, canary: Canary, tmp_path: Path) -> None:
    assert isinstance(trapline(home, "ffffffffffff", str(tmp_path)).exception, NotFoundError)
    assert isinstance(trapline(home, canary.id, str(tmp_path / "no" / "where")).exception, PlantError)
    assert isinstance(trapline(home, canary.id, str(tmp_path), "--set", "role").exception, PlantError)


def test_a_database_that_can_run_a_sensor_is_told_of(home: Home, canary: Canary, tmp_path: Path) -> None:
    for url in ("postgresql://db/shop?table=t", "mysql://db/shop?table=t"):
        assert sensor_hint("database", url).endswith(f"trapline sensors propose '{url}'")
    assert sensor_hint("database", "sqlite:///x.db?table=t") == sensor_hint("folder", "/postgresql") == ""
    assert "sensors" not in trapline(home, canary.id, str(tmp_path)).stderr
