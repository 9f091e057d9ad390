"""``trapline show``: what it is and how to try it; the bait only for a reason."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from canaries.core.errors import MintError
from canaries.installation.home import Home
from canaries.mint import minting
from canaries.mint.minting import Minted
from listener.cli import trapline


@pytest.fixture
def key(home: Home) -> Minted:
    (minted,) = minting.mint(home, "sms-gateway", memo="in .env")
    return minted


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(
        trapline, ["--home", str(home.path), "show", *arguments], catch_exceptions=False
    )


def test_it_tells_where_to_plant_and_how_to_try_without_the_bait(home: Home, key: Minted) -> None:
    result = run(home, key.canary.id)
    out = result.stdout
    assert result.stderr.endswith(f"\nIts bait: trapline show {key.canary.id} --reveal --reason WHY\n")
    assert "in .env" in out
    assert "plant:" in out
    assert "try:" in out
    assert all(token.value not in out for token in key.canary.tokens)


def test_each_of_several_commands_to_try_stands_below_the_first(home: Home) -> None:
    lines = run(home, next(minting.mint(home, "user")).canary.id).stdout.splitlines()
    [first] = [number for number, line in enumerate(lines) if line.startswith("try:")]
    assert lines[first].startswith("try:         curl ")
    assert lines[first + 1].startswith("             curl ")


def test_revealing_fills_the_hint_with_the_bait_and_leaves_an_entry(home: Home, key: Minted) -> None:
    value = json.loads(run(home, key.canary.id, "--reveal", "--reason", "checking", "--json").stdout)
    assert value["text"] == key.canary.text
    assert "{url}" not in value["hints"]["try"]
    assert key.canary.tokens[0].value in value["hints"]["try"]
    with home.store.read() as connection:
        assert len(list(home.reader.entries(connection, "revealed"))) == 1


def test_without_a_reason_nothing_is_revealed(home: Home, key: Minted) -> None:
    with pytest.raises(MintError, match="needs a reason"):
        run(home, key.canary.id, "--reveal")
