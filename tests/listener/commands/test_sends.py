"""``trapline sends``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from canaries.core.errors import TraplineError
from canaries.installation.home import Home
from canaries.installation.session import Session
from listener.commands.sends import command


def run(home: Home, *words: str) -> Result:
    result = CliRunner().invoke(command, list(words), obj=Session(home.path))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_announced_approved_listed_revoked(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAPLINE_TRAPS_SENSORS_TWO_PEOPLE", "true")
    assert "nothing was announced" in run(home, "list").stderr
    (tmp_path / "text").write_text("All\x1b[31m clear, {name}")
    announced = run(home, "authorise", "--list", "subscribers", "--file", str(tmp_path / "text"), "--json")
    made = json.loads(announced.stdout)
    assert made["state"] == "proposed"
    assert made["id"] in announced.stderr
    monkeypatch.setenv("TRAPLINE_OPERATOR", "another")
    run(home, "approve", made["id"])
    line = run(home, "list").stdout
    assert "authorised" in line
    assert "\x1b" not in line
    run(home, "revoke", made["id"], "--reason", "typing error")
    assert json.loads(run(home, "list", "--json").stdout)["state"] == "revoked"


def test_a_file_that_is_no_text_is_one_sentence(home: Home, tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"\xff\xfe")
    with pytest.raises(TraplineError, match="cannot be read"):
        run(home, "authorise", "--list", "l", "--file", str(tmp_path / "text"))
