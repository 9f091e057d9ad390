"""``trapline sensors``: a key is made for one program, and taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.home import Home
from canaries.installation.session import Session
from listener.commands.sensors import command


def run(home: Home, *words: str) -> Result:
    result = CliRunner().invoke(command, list(words), obj=Session(home.path))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_a_sensor_is_made_listed_and_removed(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAPLINE_TRAPS_SENSORS_BIND", "unix:/run/s.sock,127.0.0.1:9797")
    run(home, "add", "web", "--out", str(tmp_path / "sensor.json"))
    made = json.loads((tmp_path / "sensor.json").read_text())
    assert made == {
        "name": "web",
        "key": (home.path / "sensors" / "web").read_text(),
        "report_to": ["unix:/run/s.sock", "http://127.0.0.1:9797"],
    }
    assert (tmp_path / "sensor.json").stat().st_mode & 0o777 == 0o600
    assert json.loads(run(home, "list", "--json").stdout)["name"] == "web"
    assert made["key"] not in run(home, "list").output
    run(home, "remove", "web", "--reason", "gone")
    assert "no sensors" in run(home, "list").stderr
    with pytest.raises(NotFoundError):
        run(home, "remove", "web")


def test_without_a_section_it_says_what_is_missing(home: Home) -> None:
    result = run(home, "add", "web")
    assert json.loads(result.stdout)["report_to"] == []
    assert "[traps.sensors]" in result.stderr


def test_a_file_that_cannot_be_written_leaves_no_sensor(home: Home, tmp_path: Path) -> None:
    (tmp_path / "there").touch()
    for out in (tmp_path / "there", tmp_path / "none" / "x"):
        with pytest.raises(TraplineError):
            run(home, "add", "web", "--out", str(out))
    assert not list((home.path / "sensors").glob("*"))
