"""``trapline scan``: exit status 1 where a canary is found."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from canaries.commands.scan import command
from canaries.core.errors import NotFoundError
from canaries.installation.home import Home
from canaries.installation.session import Session
from canaries.mint.minting import mint
from canaries.plant import planting


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
        "beside",
        "chance",
    }
    assert (value["beside"], value["chance"]) == ([], "")
    shown = trapline(home, str(tmp_path / "dump")).stdout
    assert f"dump:1: canary {one.canary.id} (url, " in shown
    assert "copy of \\x1b[2Jpress" in shown


def test_a_combination_is_told_with_its_chance(home: Home, tmp_path: Path) -> None:
    row = next(mint(home, "user", options={"locale": "de_DE"})).canary.row
    (tmp_path / "dump").write_text(f"{row['name']};{row['city']};{row['birth_date']};{row['street']}\n")
    result = trapline(home, str(tmp_path), "--json")
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert {one["facet"] for one in told} == {"name", "city", "birth_date", "street"}
    assert all(one["weak"] and one["beside"] == ["birth_date", "city", "name", "street"] for one in told)
    assert all(1e-15 < float(one["chance"]) < 1e-9 for one in told)
    assert (
        f"by chance in {told[0]['chance']} of rows at most" in trapline(home, str(tmp_path / "dump")).stdout
    )
    with home.store.read() as connection:
        [*_, entry] = home.reader.entries(connection, "scanned")
    assert {one["chance"] for one in entry.body["findings"]} == {told[0]["chance"]}


def test_nothing_found(home: Home, tmp_path: Path) -> None:
    (tmp_path / "dump").write_text("no canary here\n")
    assert trapline(home, str(tmp_path / "dump")).return_value == 0


def test_standard_input(home: Home) -> None:
    one = next(mint(home, "url"))
    assert trapline(home, "-", "--json", given=one.bait.text.encode()).return_value == 1
    assert "1 string of a canary found\n" in trapline(home, "-", given=one.bait.text.encode()).stderr


def test_a_part_that_was_not_read_is_no_all_clear(home: Home, tmp_path: Path) -> None:
    (tmp_path / "dump").write_bytes(b"\x1f\x8b\x08broken")
    result = trapline(home, str(tmp_path / "dump"))
    assert result.return_value == 3
    assert "not read" in result.stderr
    assert "0 strings of canaries found, 1 part not read" in result.stderr


def test_a_missing_file(home: Home) -> None:
    with pytest.raises(NotFoundError):
        raise trapline(home, "/no/where").exception or AssertionError


def test_misplaced_is_what_was_not_planted_there(home: Home, tmp_path: Path) -> None:
    """A hash is nowhere out of place, and what was not read is named but no reason to refuse a commit."""
    one = next(mint(home, "user"))
    (tmp_path / "list.txt").write_text("names:\n")
    planting.plant(home, next(mint(home, "github-token")).canary.id, str(tmp_path / "old.env"))
    password = next(token.value for token in one.canary.tokens if token.facet == "password")
    (tmp_path / "hashes").write_text(hashlib.sha256(password.encode()).hexdigest())
    (tmp_path / "broken.gz").write_bytes(b"\x1f\x8b\x08broken")
    result = trapline(
        home, "--misplaced", str(tmp_path / "old.env"), str(tmp_path / "hashes"), str(tmp_path / "broken.gz")
    )
    assert result.return_value == 0
    assert "not read: " in result.stderr
    (tmp_path / "copy.env").write_text((tmp_path / "old.env").read_text())
    result = trapline(home, "--misplaced", str(tmp_path / "old.env"), str(tmp_path / "copy.env"))
    assert result.return_value == 1
    assert "copy.env:1: canary" in result.stdout
    assert "old.env" not in result.stdout
