"""``trapline retention`` on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable

from click.testing import CliRunner

from canaries.installation.home import Home
from canaries.installation.session import Session
from canaries.mint import minting
from listener.commands.retention import command


def run(home: Home, *words: str) -> str:
    done = CliRunner().invoke(command, words, obj=Session(home.path), catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_a_dry_run_then_the_deed(home: Home, strike: Callable[..., str]) -> None:
    assert "no raw bytes are old enough" in run(home)
    (home.path / "trapline.toml").write_text("[retention]\nraw_days = 30\n")
    strike(home, next(iter(minting.mint(home, "url"))).canary, at="2020-01-01T12:00:00.000000Z")
    assert "1 hit of url would lose raw bytes older than 30 days" in run(home, "--dry-run")
    (found,) = map(json.loads, run(home, "--json").splitlines())
    assert (found["kind"], found["days"], found["hits"]) == ("url", 30, 1)
    assert "no raw bytes are old enough" in run(home)
