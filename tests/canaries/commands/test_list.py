"""``trapline list``: every canary, no bait."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from canaries.installation.home import Home
from canaries.mint import catalogue, minting
from listener.cli import trapline


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(
        trapline, ["--home", str(home.path), "list", *arguments], catch_exceptions=False
    )


def test_each_canary_is_a_line_and_its_bait_is_not(home: Home) -> None:
    minted = list(minting.mint(home, "url", memo="wiki \x1b[31m page", count=2))
    out = run(home).stdout
    assert len(out.splitlines()) == 2
    for one in minted:
        assert one.canary.id in out
        assert all(token.value not in out for token in one.canary.tokens)
    assert "\x1b" not in out


def test_whose_copy_it_is_stands_there(home: Home) -> None:
    list(minting.mint(home, "url", memo="board paper", recipient="Ann\u202e"))
    assert run(home).stdout.endswith("board paper  for Ann\\u202e\n")


def test_filters_by_kind_and_by_life(home: Home) -> None:
    (url,) = minting.mint(home, "url")
    (key,) = minting.mint(home, "openai-key")
    catalogue.retire(home, url.canary.id)
    assert [json.loads(line)["id"] for line in run(home, "--live", "--json").stdout.splitlines()] == [
        key.canary.id
    ]
    assert [json.loads(line)["id"] for line in run(home, "--kind", "url", "--json").stdout.splitlines()] == [
        url.canary.id
    ]


def test_an_empty_home_tells_the_next_step(home: Home) -> None:
    result = run(home)
    assert result.stdout == ""
    assert "trapline mint" in result.stderr
