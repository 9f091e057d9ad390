"""``trapline realism``."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from canaries.core.errors import PlantError
from canaries.plant.newcomers import plant_new
from listener.cli import trapline
from tests import steady

TOML = '[bait]\nbase_url = "https://{label}.own.example"\ndomain = "own.example"\nmail_domains = ["more.example"]\n'


@pytest.fixture
def target(tmp_path: Path) -> str:
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, email TEXT)")
    people = [(f"Ann Lee{n}", f"ann.lee{n}@x.example") for n in range(60)]
    connection.executemany("INSERT INTO t (name, email) VALUES (?, ?)", people)
    connection.commit()
    connection.close()
    return f"sqlite:///{tmp_path}/a.db?table=t"


def test_three_figures_and_what_tells_most(tmp_path: Path, target: str) -> None:
    home = steady.installation(tmp_path / "home", TOML, "realism")
    for number in range(5):
        plant_new(home, "user", target, chance=random.Random(number))
    home.store.close()
    said = CliRunner().invoke(trapline, ["--home", str(tmp_path / "home"), "realism", target, "--json"])
    lines = [json.loads(line) for line in said.stdout.splitlines()]
    assert lines[0]["aspect"] == "all that the rows say"
    assert len(lines) == 3
    assert all(0.4 <= line["auc"] <= 1 and line["planted"] == 5 and line["rows"] == 65 for line in lines)
    plain = CliRunner().invoke(trapline, ["--home", str(tmp_path / "home"), "realism", target])
    assert "without ids and times" in plain.stdout
    assert "by itself" in plain.stdout


def test_without_planted_rows_there_is_no_figure(tmp_path: Path, target: str) -> None:
    steady.installation(tmp_path / "home", TOML, "realism").store.close()
    arguments = ["--home", str(tmp_path / "home"), "realism", target]
    with pytest.raises(PlantError, match="0 planted rows among 60 are too few"):
        CliRunner().invoke(trapline, arguments, catch_exceptions=False)
