"""``trapline retention`` on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable

from click.testing import CliRunner

from canaries.installation.home import Home
from canaries.installation.session import Session
from canaries.mint import minting
from listener.commands.retention import command
from tests.look_ups import line, take_in, watch


def run(home: Home, *words: str) -> str:
    done = CliRunner().invoke(command, words, obj=Session(home.path), catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_a_dry_run_then_the_deed(home: Home, strike: Callable[..., str]) -> None:
    assert "nothing is old enough" in run(home)
    (home.path / "trapline.toml").write_text("[retention]\nraw_days = 30\n")
    strike(home, next(iter(minting.mint(home, "url"))).canary, at="2020-01-01T12:00:00.000000Z")
    assert "1 hit of url would lose raw bytes older than 30 days" in run(home, "--dry-run")
    (found,) = map(json.loads, run(home, "--json").splitlines())
    assert (found["kind"], found["days"], found["hits"]) == ("url", 30, 1)
    assert "nothing is old enough" in run(home)


def test_old_look_ups_go_too(home: Home) -> None:
    (home.path / "trapline.toml").write_text("[retention]\nlookups_days = 30\n")
    [record] = watch(home, "5")
    take_in(home, line(record, began="2020-01-01T12:00:00+00:00"))
    assert "1 look-up older than 30 days would be erased" in run(home, "--dry-run")
    (found,) = map(json.loads, run(home, "--json").splitlines())
    assert (found["kind"], found["days"], found["lookups"], found["incident"]) == ("look-ups", 30, 1, "")
    assert "nothing is old enough" in run(home)
