"""``trapline kinds``."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from rich.console import Console

from canaries.commands import kinds
from canaries.core import plugins
from canaries.core.errors import NotFoundError
from canaries.kinds import FOLDER, Kind

NAMES = sorted(plugins.classes(FOLDER, Kind))


def test_people_get_every_kind_and_who_fires_it() -> None:
    result = CliRunner().invoke(kinds.command, [])
    assert result.exit_code == 0
    for name in NAMES:
        assert name in result.stdout
    assert "aws CLI" in result.stdout


def test_programs_get_one_object_a_line() -> None:
    result = CliRunner().invoke(kinds.command, ["--json"])
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [kind["name"] for kind in found] == NAMES
    assert all(
        set(kind) == {"name", "title", "fired_by", "plant_hint", "try_hint", "takes_source", "options"}
        for kind in found
    )
    url = next(kind for kind in found if kind["name"] == "url")
    assert url["options"] == [
        {"name": "mode", "choices": ["page", "pixel", "redirect"], "default": "page"},
        {"name": "to", "type": "str", "default": ""},
    ]


def test_of_a_named_kind_its_options_too() -> None:
    result = CliRunner().invoke(kinds.command, ["url", "docx"], catch_exceptions=False)
    lines = result.stdout.splitlines()
    assert lines[0].startswith("url: ")
    assert "  option  mode=page|pixel|redirect (default: page)" in lines
    assert "  option  to=str" in lines
    assert "  from    mint --from FILE makes a file of your own into bait" in lines
    assert len([line for line in lines if line.startswith("  fires ")]) == 2
    assert json.loads(CliRunner().invoke(kinds.command, ["url", "--json"]).stdout)["name"] == "url"


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(NotFoundError, match="no kind called 'nope'"):
        CliRunner().invoke(kinds.command, ["nope"], catch_exceptions=False)


def test_a_terminal_gets_a_table_with_nothing_cut_off(capsys: pytest.CaptureFixture[str]) -> None:
    kinds.table([("a-kind", "What it is", "who fires it, at length " * 6)], Console(width=60))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["kind", "what", "it", "is", "who", "fires", "it"]
    assert " ".join(lines).count("length") == 6
    assert max(map(len, lines)) <= 60
