"""``trapline links``: suggestions with weight and reasons, decisions under a name, or a sentence and status 2."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener import cli
from listener.incidents import queries

HOSTILE = "odd\x1b[31m\u202etool/7"


@pytest.fixture
def pair(home: Home, strike: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("TRAPLINE_OPERATOR", "alice")
    for day, found in zip((20, 22), mint(home, "url", count=2), strict=True):
        strike(home, found.canary, agent=HOSTILE, at=f"2026-11-{day}T12:00:00.000000Z")
    return sorted(incident.id for incident in queries.incidents(home))


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(cli.trapline, ["--home", str(home.path), "links", *arguments])


def test_links_and_decisions(home: Home, pair: list[str]) -> None:
    said = run(home).stdout
    assert f"{pair[0]} and {pair[1]}: " in said
    assert "bits beyond chance" in said
    assert "both came from one address" in said
    assert "suggested campaign of 2 incidents" in said
    assert not set("\x1b\u202e") & set(said)
    done = run(home, pair[0], "--reject", pair[1], "--reason", "two testers", "--json")
    assert done.exit_code == 0, done.output
    assert len(json.loads(done.stdout)["entries"]) == 2
    said = run(home, pair[1]).stdout
    assert "bits beyond" not in said
    assert "rejected by alice" in said
    lines = [json.loads(line) for line in run(home, "--json").stdout.splitlines()]
    assert [line["decision"] for line in lines] == ["rejected"]


def test_json_has_the_weight_of_each_reason(home: Home, pair: list[str]) -> None:
    link, campaign = (json.loads(line) for line in run(home, pair[0][:5], "--json").stdout.splitlines())
    assert link["link"] == campaign["campaign"] == pair
    assert {"sort", "sentence", "bits"} == link["reasons"][0].keys()


@pytest.mark.parametrize(
    "arguments",
    [("--confirm", "x"), ("0", "--confirm", "1", "--reject", "1"), ("zz",)],
)
def test_bad_use_is_one_sentence(home: Home, arguments: tuple[str, ...]) -> None:
    done = run(home, *arguments)
    assert done.exit_code != 0
    assert isinstance(done.exception, Exception)


def test_an_empty_home_says_so(home: Home) -> None:
    assert "no incidents have enough in common" in run(home).output
