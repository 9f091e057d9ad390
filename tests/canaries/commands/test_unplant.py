"""``trapline unplant``: what was done, what remains, and the ledger's next step."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from canaries.commands.unplant import command
from canaries.core.errors import NotFoundError
from canaries.installation.home import Home
from canaries.installation.session import Session
from canaries.mint.minting import mint
from canaries.plant import planting


def trapline(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(
        command, arguments, obj=Session(home.path), standalone_mode=False, catch_exceptions=False
    )


def test_it_says_what_it_did_and_what_remains(home: Home, tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("A=1\n")
    canary = next(mint(home, "stripe-key")).canary
    planted = planting.plant(home, canary.id, str(path))
    dry = trapline(home, canary.id, "--dry-run")
    assert dry.stdout.startswith("would take ")
    assert "byte for byte" in dry.stdout
    result = trapline(home, canary.id, "--json")
    value = json.loads(result.stdout)
    assert (value["placement"], value["canary"], value["target"]) == (planted.placement, canary.id, str(path))
    assert "warning: " in result.stderr
    assert path.read_text() == "A=1\n"


def test_an_unknown_name(home: Home) -> None:
    with pytest.raises(NotFoundError):
        trapline(home, "0000000000000000")
