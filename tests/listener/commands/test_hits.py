"""``trapline hits``: objects for programs, lines for people, and hostile text inert in both."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from canaries.core.errors import NotFoundError, TraplineError
from canaries.core.model import Canary
from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener import cli
from tests import steady

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


def test_two_lines_for_people_show_hostile_text_inert(home: Home, strike: Callable[..., str]) -> None:
    canary = minted(home)
    strike(home, canary, agent=HOSTILE)
    said = run(home).stdout
    assert len(said.splitlines()) == 4  # two of them the heading
    assert "2026-11-22 12:00:00Z" in said
    assert canary.id in said
    assert "198.51.100.7 port 40001" in said
    assert "\\u202e\\x1b[2J" in said
    assert all(char >= " " for char in said.replace("\n", ""))
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
        process.communicate(timeout=steady.PATIENCE)


def test_f9_hits_are_filtered_by_time_source_kind_and_severity(
    home: Home, strike: Callable[..., str]
) -> None:
    url, key = minted(home), next(iter(mint(home, "openai-key"))).canary
    first = strike(home, url, ip="198.51.100.7")
    second = strike(home, url, ip="203.0.113.9", at=home.now())
    third = strike(home, key, ip="2001:db8::1", at=home.now())

    def ids(*arguments: str) -> list[str]:
        return [json.loads(line)["id"] for line in run(home, "--json", *arguments).stdout.splitlines()]

    assert ids("--since", "2026-11-22") == [first, second, third]
    assert ids("--since", "1h") == [second, third]
    assert ids("--source", "198.51.100.0/24") == [first]
    assert ids("--source", "2001:db8::/32") == [third]
    assert ids("--kind", "url") == [first, second]
    assert third in ids("--severity", "high")
    assert ids("--severity", "low", "--limit", "1") == [third]
    assert "no hits are like that" in run(home, "--kind", "user").stderr
    with pytest.raises(TraplineError, match="'here' is not a network"):
        CliRunner().invoke(
            cli.trapline, ["--home", str(home.path), "hits", "--source", "here"], catch_exceptions=False
        )


def test_a_kind_that_does_not_exist_is_refused(home: Home) -> None:
    refused = run(home, "--kind", "docxx").exception
    assert isinstance(refused, NotFoundError)
    assert "no kind called 'docxx'" in refused.sentence
    assert run(home, "--kind", "docx").exit_code == 0
