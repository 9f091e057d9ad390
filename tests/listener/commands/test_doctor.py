"""``trapline doctor`` against a real listener: what works is tried through the public name, what does not is named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from canaries.core.errors import NotFoundError
from canaries.installation.home import Home
from listener.cli import trapline


def doctor(home: Home, *arguments: str) -> tuple[int, dict[str, dict[str, str]]]:
    done = CliRunner().invoke(
        trapline, ["--home", str(home.path), "doctor", "--json", *arguments], catch_exceptions=False
    )
    parts = [json.loads(line) for line in done.stdout.splitlines()]
    return done.exit_code, {part["part"]: part for part in parts}


def write(home: Home, base_url: str) -> None:
    (home.path / "trapline.toml").write_text(
        f'[bait]\nbase_url = "{base_url}"\n[channels.log]\ntype = "file"\npath = "{home.path}/alerts.ndjson"\n'
    )


def test_a_bait_of_its_own_is_fired_and_its_hit_waited_for(home: Home, listen: Callable[..., Any]) -> None:
    write(home, "http://127.0.0.1:1")
    running = listen(home)
    write(home, f"http://127.0.0.1:{running.http[1]}")
    _, parts = doctor(home)
    assert parts["own bait"]["level"] == "well", parts["own bait"]
    assert parts["ports: http"]["level"] == "well"
    assert parts["alerts: log"]["level"] == "well"
    assert "test" in (home.path / "alerts.ndjson").read_text()
    first = parts["own bait"]["says"]
    _, again = doctor(home, "--without", "alerts")
    assert again["own bait"]["says"] == first  # the same canary, fired again
    assert "alerts: log" not in again
    write(home, "http://127.0.0.1:1")  # where nobody answers
    status, parts = doctor(home)
    assert status == 1
    assert "nothing answers" in parts["ports: http"]["says"]
    assert "could not be fired" in parts["own bait"]["says"]


def test_without_a_listener_it_says_so(home: Home) -> None:
    status, parts = doctor(home)
    assert status == 1
    for part in ("listener", "ports", "own bait"):
        assert parts[part]["hint"] == "start it: trapline listen"
    told = CliRunner().invoke(trapline, ["--home", str(home.path), "doctor"], catch_exceptions=False)
    assert re.search(r"^[0-9]+ findings to mend\.$", told.stderr, re.MULTILINE)


def test_a_trial_that_is_none(home: Home) -> None:
    with pytest.raises(NotFoundError, match="no trial called 'x'"):
        doctor(home, "--without", "x")


def test_a_backup_is_rehearsed(home: Home, tmp_path: Path) -> None:
    (home.path / "trapline.toml").write_text("")
    run = partial(CliRunner().invoke, trapline, catch_exceptions=False)
    prefix = ["--home", str(home.path)]
    identity, file = tmp_path / "identity.txt", tmp_path / "backup.age"
    recipient = run([*prefix, "backup", "--new-identity", str(identity)]).stdout.strip()
    assert run([*prefix, "backup", "--to", recipient, "--out", str(file)]).exit_code == 0
    chosen = ["--backup", str(file), "--identity", str(identity)]
    _, parts = doctor(home, *chosen)
    assert parts["restore"]["level"] == "well"
    file.write_bytes(file.read_bytes()[:-20])
    _, parts = doctor(home, *chosen)
    assert "does not come back" in parts["restore"]["says"]
    assert run(
        [*prefix, "doctor", "--backup", str(file)], standalone_mode=False, catch_exceptions=True
    ).exit_code
