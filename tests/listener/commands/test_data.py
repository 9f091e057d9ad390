"""``trapline data``: what is in use is said with its hash; what answers nothing is refused in a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from canaries.installation.home import Home
from listener.cli import trapline

CSV = "8.8.8.0,8.8.8.255,DE\n"


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(trapline, ["--home", str(home.path), "data", *arguments])


def rows(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_add_list_verify_remove(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(CSV)
    added = run(home, "add", str(path), "--licence", "PDDL", "--date", "2026-11-01", "--json")
    assert added.exit_code == 0, added.exception
    (row,) = rows(added)
    listed = rows(run(home, "list", "--json"))
    shipped = ["server-country.mmdb", "ip-asn-country.mmdb", "net-class.mmdb"]
    assert [item["name"] for item in listed] == ["own.csv", *shipped]
    assert listed[0]["sha256"] == row["sha256"]
    assert (listed[0]["licence"], listed[0]["date"], listed[0]["answers"]) == (
        "PDDL",
        "2026-11-01",
        ["country"],
    )
    assert "cloudip" in run(home, "list").stdout
    assert run(home, "verify").exit_code == 0
    assert run(home, "remove", "own.csv").exit_code == 0
    assert len(rows(run(home, "list", "--json"))) == 3


def test_a_file_changed_behind_its_back_is_told_by_list_and_verify(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(CSV)
    run(home, "add", str(path))
    (copy,) = (home.path / "data").glob("*-own.csv")
    copy.write_text(CSV.replace("DE", "FR"))
    assert "SHA-256 has changed" in rows(run(home, "list", "--json"))[-1]["refused"]
    found = run(home, "verify")
    assert found.exit_code == 1
    assert "SHA-256 has changed" in found.stderr


def test_refusals(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    path.write_text("<html>")
    for arguments, said in (
        (("add", str(path)), "no schema that is known"),
        (("add", str(tmp_path / "nothing")), "is no file"),
        (("add", str(path), "--url", "http://example.com/x"), "https:// only"),
        (("remove", "x"), "no file of network data is called"),
        (("update",), "no file has a URL"),
        (("update", "x"), "no file called 'x' has a URL"),
    ):
        result = run(home, *arguments)
        assert result.exception is not None
        assert said in str(result.exception)
    assert not (home.path / "data" / "register.json").exists()
