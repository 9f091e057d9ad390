"""``trapline rotate``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from canaries.core.errors import PlantError
from canaries.installation.home import Home
from canaries.plant.newcomers import plant_new
from listener.cli import trapline


def test_old_and_new_are_named_and_no_secret(home: Home, tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("A=1\n")
    old = plant_new(home, "stripe-key", str(path))
    arguments = ["--home", str(home.path), "rotate", old.placement, "--json"]
    said = CliRunner().invoke(trapline, arguments, catch_exceptions=False)
    line = json.loads(said.stdout)
    assert (line["old"], line["retired"]) == (old.canary.id, True)
    assert line["new"]["canary"] != old.canary.id
    assert old.bait.tokens[0].value not in said.output


def test_a_setting_is_a_pair(home: Home) -> None:
    arguments = ["--home", str(home.path), "rotate", "0" * 16, "--set", "nothing"]
    with pytest.raises(PlantError, match="not COLUMN=VALUE"):
        CliRunner().invoke(trapline, arguments, catch_exceptions=False)
