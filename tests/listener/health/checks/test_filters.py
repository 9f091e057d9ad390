"""A filter that lacks what was minted is told."""

from __future__ import annotations

from pathlib import Path

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.health.checks import View
from listener.health.checks.filters import FiltersCheck
from listener.sensors import filter_keeping


def told(home: Home) -> list[tuple[str, str]]:
    return [(part.level, part.says) for part in FiltersCheck().look(View(home, home.clock.now()))]


def test_a_filter_says_what_it_lacks(home: Home, tmp_path: Path) -> None:
    assert told(home) == []
    filter_keeping.keep(home, tmp_path / "filter")
    assert told(home) == [("well", "1 filter, up to date")]
    list(mint(home, "url", count=2))
    assert told(home) == [("note", "lacks 2 canaries minted since it was made")]
    (tmp_path / "filter").unlink()
    assert told(home) == [("note", "is not there any more, and lacks 2 canaries minted since it was made")]
