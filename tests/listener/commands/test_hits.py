"""``trapline hits``: objects for programs, lines for people, and hostile text inert in both."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from canaries.core.errors import NotFoundError
from canaries.core.model import Canary
from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener import cli

HOSTILE = "<!channel> =cmd|'/c calc'!A1 \u202e\x1b[2J<script>"


def minted(home: Home) -> Canary:
    return next(iter(mint(home, "url"))).canary


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(cli.trapline, ["--home", str(home.path), "hits", *arguments])


def test_one_object_a_line(home: Home, strike: Callable[..., str]) -> None:
    canary = minted(home)
    ids = [strike(home, canary, port=40001 + n) for n in range(3)]
    said = run(home, "--json")
    assert said.exit_code == 0
    values = [json.loads(line) for line in said.stdout.splitlines()]
    assert [value["id"] for value in values] == ids
    assert values[1]["source"] == {"ip": "198.51.100.7", "port": 40002}
    assert values[0]["facts"]["timing"]["first_use"] is True


def test_choices(home: Home, strike: Callable[..., str]) -> None:
    one, other = minted(home), minted(home)
    ids = [
        strike(home, canary, ip=ip)
        for canary, ip in ((one, "192.0.2.1"), (other, "192.0.2.2"), (one, "192.0.2.1"))
    ]

    def found(*arguments: str) -> list[str]:
        return [json.loads(line)["id"] for line in run(home, *arguments, "--json").stdout.splitlines()]

    assert found("--canary", one.id[:8]) == [ids[0], ids[2]]
    assert found("--limit", "1") == [ids[2]]
    incident = json.loads(run(home, "--canary", other.id, "--json").stdout)["incident"]
    assert found("--incident", incident[:6]) == [ids[1]]


def test_a_line_for_people_shows_hostile_text_inert(home: Home, strike: Callable[..., str]) -> None:
    canary = minted(home)
    strike(home, canary, agent=HOSTILE)
    said = run(home).stdout
    assert len(said.splitlines()) == 1
    assert "2026-11-22T12:00:00.000Z" in said
    assert canary.id in said
    assert "198.51.100.7 port 40001" in said
    assert "\\u202e\\x1b[2J" in said
    assert all(char >= " " for char in said.rstrip("\n"))
    assert "\u202e" not in said
    assert run(home, "--json").stdout.isascii()


def test_no_hits_is_talk_not_data(home: Home) -> None:
    said = run(home)
    assert (said.exit_code, said.stdout, said.stderr) == (0, "", "no hits yet\n")
    assert run(home, "--json").stdout == ""


@pytest.mark.parametrize("arguments", [("--canary", "f" * 16), ("--incident", "f" * 10)])
def test_an_unknown_id_is_refused(home: Home, arguments: tuple[str, str]) -> None:
    assert isinstance(run(home, *arguments).exception, NotFoundError)


def test_following_prints_what_comes_later(home: Home, strike: Callable[..., str]) -> None:
    canary = minted(home)
    first = strike(home, canary)
    process = subprocess.Popen(
        [sys.executable, "-m", "listener", "hits", "--follow", "--json"],
        env={**os.environ, "TRAPLINE_HOME": str(home.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["id"] == first
        second = strike(home, canary)
        assert json.loads(process.stdout.readline())["id"] == second
    finally:
        process.terminate()
        process.communicate(timeout=20)
