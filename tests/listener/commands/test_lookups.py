"""``trapline lookups``, ``review`` and ``reviewed``: what is shown, what is an entry, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.home import Home
from listener.cli import trapline
from tests.look_ups import line, take_in, watch


def test_listed_reviewed_and_given_out(home: Home, tmp_path: Path) -> None:
    def run(*words: str) -> Result:
        return CliRunner().invoke(trapline, ["--home", str(home.path), "lookups", *words])

    def entries(kind: str) -> list[dict[str, object]]:
        with home.store.read() as connection:
            return [dict(one.body) for one in home.reader.entries(connection, kind)]

    assert "no look-ups are like that" in run().output
    [record] = watch(home, "5", person="staff-7")
    (home.path / "people.toml").write_text('[people]\nclerk7 = "staff-7"\n')
    take_in(home, line(record, reason="own data"), line(record, user="clerk8\x1b[31m", query="SELECT phone"))
    listed = run().output
    assert max(map(len, listed.splitlines())) <= 80
    assert "staff-7" in listed
    assert "own record" in listed
    assert "reason    own data (by setting)" in listed
    assert "\x1b[31m" not in listed
    assert "SELECT" not in listed
    [one] = [json.loads(each) for each in run("--json", "--without-reason").stdout.splitlines()]
    assert (one["user"], one["rows"], one["of"], one["reason"]) == ("clerk8\x1b[31m", 1, 1, "")
    assert entries("revealed") == []
    assert isinstance(run("--full").exception, TraplineError)
    assert isinstance(run("--reason", "x").exception, TraplineError)
    assert "SELECT phone" in run("--full", "--reason", "audit 7").output
    assert [said["reason"] for said in entries("revealed")] == ["audit 7"]

    (home.path / "people.toml").write_text('exempt = ["clerk7"]\n')
    assert "clerk7" not in run().stdout
    assert "1 look-up by programs of their own" in run().output
    assert "none needed" not in run("--programs").output  # it gave one
    assert "clerk7" in run("--programs").stdout
    (home.path / "people.toml").write_text('[people]\nclerk7 = "staff-7"\n')

    done = run("reviewed", one["id"][:8], "--outcome", "asked", "--note", "by telephone")
    assert "1 look-up reviewed: asked" in done.output
    assert isinstance(run("reviewed", "ffff0000", "--outcome", "fine").exception, NotFoundError)
    week = ("review", "--week", "2026-W48")
    text = run(*week).output
    assert text.startswith("Look-ups of watched records in 2026-W48 (2026-11-23 to before 2026-11-30, UTC)\n")
    assert "staff-7: 1 look-up, 0 without a reason, 1 of their own record, 0 reviewed" in text
    assert "reviewed: asked" in text
    assert run("review", "--week", "2026-W40").output.endswith("none\n")
    assert len(run(*week, "--json", "--person", "staff-7").stdout.splitlines()) == 1
    page, sheet = tmp_path / "review.html", tmp_path / "review.csv"
    assert run(*week, "--form", "html", "--out", str(page)).exit_code == 0
    assert run(*week, "--form", "csv", "--out", str(sheet)).exit_code == 0
    assert "<h2>staff-7</h2>" in page.read_text()
    assert sheet.read_text().count("\n") == 3
    assert [said["file"] for said in entries("exported")] == ["review.html", "review.csv"]
    assert isinstance(run(*week, "--out", str(page)).exception, TraplineError)
    assert isinstance(run("erase", "--before", "1d").exception, TraplineError)
    assert "0 entries of look-ups erased" in run("erase", "--before", "2026-11-24", "--reason", "term").output
    assert "2 entries of look-ups erased" in run("erase", "--before", "2026-11-26", "--reason", "term").output
    assert run("--json").stdout == ""
    assert run("--json", "review").exit_code == 2
    assert run(*week, "--json", "--out", str(tmp_path / "x")).exit_code == 2
    assert isinstance(run("review", "--week", "48").exception, TraplineError)
