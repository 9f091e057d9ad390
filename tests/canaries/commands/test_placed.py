"""``trapline placed``: a place in words, on record."""

from __future__ import annotations

from click.testing import CliRunner

from canaries.installation.home import Home
from canaries.mint import minting
from canaries.plant import placements
from listener.cli import trapline


def test_it_is_on_record_and_said_without_control_characters(home: Home) -> None:
    canary = next(iter(minting.mint(home, "url"))).canary
    words = ["--home", str(home.path), "placed", canary.id[:10], "wiki \x1b[31m page"]
    result = CliRunner().invoke(trapline, words, catch_exceptions=False)
    assert result.exit_code == 0
    assert "\x1b" not in result.output + result.stderr
    [found] = placements.listing(home)
    assert (found.canary, found.target) == (canary.id, "wiki \x1b[31m page")
    assert found.id in result.stderr
