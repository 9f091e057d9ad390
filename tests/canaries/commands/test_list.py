"""``trapline list``: every canary, no bait."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result

from canaries.core.errors import NotFoundError
from canaries.installation.home import Home
from canaries.mint import catalogue, minting
from canaries.plant.planting import plant
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


def ids(home: Home, *arguments: str) -> list[str]:
    return [json.loads(line)["id"] for line in run(home, *arguments, "--json").stdout.splitlines()]


def test_f9_canaries_are_found_by_words_recipient_state_and_time(home: Home) -> None:
    (ann,) = minting.mint(home, "url", memo="Board pack", recipient="Ann Smith")
    (ben,) = minting.mint(home, "url", memo="board PACK", recipient="Ben")
    (key,) = minting.mint(home, "openai-key", memo="wiki", expires_at="2999-01-01T00:00:00.000000Z")
    catalogue.retire(home, ben.canary.id)
    assert ids(home, "board", "pack") == [ann.canary.id, ben.canary.id]
    assert ids(home, "--recipient", "smith") == [ann.canary.id]
    assert ids(home, "--state", "retired") == [ben.canary.id]
    assert ids(home, "--since", "1h", "--limit", "2") == [ann.canary.id, ben.canary.id]
    assert ids(home, "--since", "2998-01-01") == []
    assert ids(home, "--expiring", "3000-01-01") == [key.canary.id]
    assert ids(home, "--expiring", "30d") == []


def test_f9_what_never_fired_and_what_is_nowhere_are_views_of_their_own(
    home: Home, strike: Callable[..., str], tmp_path: Path
) -> None:
    (used,), (planted,) = minting.mint(home, "url"), minting.mint(home, "url")
    strike(home, used.canary)
    (tmp_path / "Notes.md").write_text("notes\n")
    plant(home, planted.canary.id, str(tmp_path / "Notes.md"))
    assert ids(home, "--never-fired") == [planted.canary.id]
    assert ids(home, "--unplanted") == [used.canary.id]
    assert ids(home, "--place", "notes.MD") == [planted.canary.id]
    assert ids(home, "--place", "elsewhere") == []


def test_o17_none_of_a_kind_is_not_none_at_all(home: Home) -> None:
    list(minting.mint(home, "url"))
    result = run(home, "--kind", "docx")
    assert result.stderr == "None of 1 canary is like that. All of them: trapline list\n"


def test_a_kind_that_does_not_exist_is_refused_also_where_nothing_was_minted(home: Home) -> None:
    for name in ("docxx", "\uff11"):
        refused = CliRunner().invoke(trapline, ["--home", str(home.path), "list", "--kind", name])
        assert isinstance(refused.exception, NotFoundError)
    assert refused.stdout == ""
    list(minting.mint(home, "url"))
    assert run(home, "--kind", "docx").exit_code == 0
