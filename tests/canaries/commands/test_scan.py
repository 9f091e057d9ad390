"""``trapline scan``: exit status 1 where a canary is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from canaries.commands.scan import command
from canaries.core.errors import NotFoundError
from canaries.installation.home import Home
from canaries.installation.session import Session
from canaries.mint.minting import mint


def trapline(home: Home, *arguments: str, given: bytes = b"") -> Result:
    session = Session(home.path)
    return CliRunner().invoke(command, arguments, obj=session, standalone_mode=False, input=given)


def test_found(home: Home, tmp_path: Path) -> None:
    one = next(mint(home, "url", recipient="\x1b[2Jpress", memo="m"))
    (tmp_path / "dump").write_text(one.bait.text)
    result = trapline(home, str(tmp_path), "--json")
    assert result.return_value == 1
    value = json.loads(next(line for line in result.stdout.splitlines() if "dump" in line))
    assert (value["canary"], value["kind"], value["line"]) == (one.canary.id, "url", 1)
    assert set(value) == {"canary", "kind", "facet", "recipient", "memo", "path", "line", "offset"} | {
        "form",
        "weak",
    }
    shown = trapline(home, str(tmp_path / "dump")).stdout
    assert f"dump:1: canary {one.canary.id} (url, " in shown
    assert "copy of \\x1b[2Jpress" in shown


def test_nothing_found(home: Home, tmp_path: Path) -> None:
    (tmp_path / "dump").write_text("no canary here\n")
    assert trapline(home, str(tmp_path / "dump")).return_value == 0


def test_standard_input(home: Home) -> None:
    one = next(mint(home, "url"))
    assert trapline(home, "-", "--json", given=one.bait.text.encode()).return_value == 1


def test_a_part_that_was_not_read_is_no_all_clear(home: Home, tmp_path: Path) -> None:
    (tmp_path / "dump").write_bytes(b"\x1f\x8b\x08broken")
    result = trapline(home, str(tmp_path / "dump"))
    assert result.return_value == 3
    assert "not read" in result.stderr


def test_a_missing_file(home: Home) -> None:
    with pytest.raises(NotFoundError):
        raise trapline(home, "/no/where").exception or AssertionError
