"""`trapline hold`, as an operator types it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from canaries.installation.home import Home
from canaries.mint import minting
from listener import cli
from listener.incidents import queries


def run(home: Home, *words: str) -> Result:
    return CliRunner().invoke(
        cli.trapline, ["--home", str(home.path), "hold", *words], catch_exceptions=False
    )


@pytest.mark.parametrize("noun", ["incident", "canary"])
def test_a_hold_from_its_placing_to_its_end(home: Home, strike: Callable[..., str], noun: str) -> None:
    (minted,) = minting.mint(home, "url")
    strike(home, minted.canary)
    name = minted.canary.id if noun == "canary" else queries.incidents(home)[0].id
    day, next_day = ((home.clock.now() + timedelta(days=days)).date().isoformat() for days in (30, 90))
    about = ["--owner", "General counsel \x1b", "--reason", "a claim"]
    assert run(home, "place", f"--{noun}", name[:7], *about, "--until", day).exit_code == 0
    (shown,) = map(json.loads, run(home, "list", "--json").output.splitlines())
    assert (shown["noun"], shown["name"], shown["review"]) == (noun, name, day)
    assert shown["reason"] == "a claim"
    assert "\x1b" not in run(home, "list").output
    assert next_day in run(home, "review", shown["id"], "--until", next_day).output
    assert run(home, "release", shown["id"], "--reason", "settled").exit_code == 0
    assert "nothing is under legal hold" in run(home, "list").output


def test_one_thing_is_held_at_a_time(home: Home) -> None:
    done = run(home, "place", "--owner", "x", "--reason", "x", "--until", "2031-01-01")
    assert done.exit_code == 2
    assert "either --incident or --canary" in done.output
