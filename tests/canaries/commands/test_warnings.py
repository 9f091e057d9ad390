"""What the commands say of bait that nobody can fire: init, mint, plant and show each at once."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from canaries.core.errors import MintError
from listener.cli import trapline


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(trapline, ["--home", str(home), *arguments], catch_exceptions=False)


def test_f1_bait_for_no_address_is_not_minted(tmp_path: Path) -> None:
    run(tmp_path / "h", "init")
    settings = tmp_path / "h" / "trapline.toml"
    settings.write_text(settings.read_text().replace("http://127.0.0.1:8080", "http://0.0.0.0:8080"))
    with pytest.raises(MintError, match="no address to call"):
        run(tmp_path / "h", "mint", "url")
    assert not run(tmp_path / "h", "list").stdout


def test_each_says_where_bait_leads_and_data_stays_clean(tmp_path: Path) -> None:
    home, near = tmp_path / "h", "only programs on this machine can fire it"
    assert near in run(home, "init").stderr
    minted = run(home, "mint", "url", "--json")
    assert near in minted.stderr
    assert "To change that" not in minted.stderr, "that was said at init"
    canary = json.loads(minted.stdout)["id"]
    assert near not in run(home, "plant", canary, str(tmp_path / "notes.txt")).stderr, (
        "said when it was minted"
    )
    assert near in run(home, "plant", "url", str(tmp_path / "more.txt")).stderr
    shown = run(home, "show", canary, "--json")
    assert near in json.loads(shown.stdout)["warnings"][0]


def test_bait_for_a_trap_that_is_shut_is_said_when_it_is_minted(tmp_path: Path) -> None:
    run(tmp_path / "h", "init")
    assert "trap redis" in run(tmp_path / "h", "mint", "redis-url").stderr


def test_f2_a_row_that_cannot_fire_is_said_at_planting_and_no_try_is_offered(tmp_path: Path) -> None:
    home = tmp_path / "h"
    run(home, "init")
    with closing(sqlite3.connect(tmp_path / "app.db")) as connection, connection:
        connection.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, phone TEXT)")
    canary = json.loads(run(home, "mint", "user", "--json").stdout)["id"]
    done = run(home, "plant", canary, f"sqlite:///{tmp_path}/app.db?table=users")
    assert "nobody can fire what was planted (email, phone)" in done.stderr
    assert "fire it once yourself" not in done.stderr
    shown = json.loads(run(home, "show", canary, "--reveal", "--reason", "a test", "--json").stdout)
    assert shown["hints"]["try"] == "nothing that was planted can be fired"
