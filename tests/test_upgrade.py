"""Upgrading as docs/deploy.md tells it: the stored home of 0.1, on both databases; nothing is lost or told again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine, inspect, select
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table
from sqlalchemy.engine import make_url

from canaries.core.schema import metadata
from canaries.installation.home import Home
from listener.incidents import queries
from tests import steady
from tests.data.make_home import UNDRAINED
from tests.test_deploy import environment, shell_blocks

pytestmark = pytest.mark.rehearsal

DATA = Path(__file__).with_name("data")


def moved_to(url: str, old: Path) -> None:
    """The old database as release 0.1 would have had it on PostgreSQL: its tables and columns, no newer ones."""
    source = create_engine(f"sqlite:///{old}")
    target = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    known, made = inspect(source), MetaData()
    tables = {table.name: table for table in metadata.sorted_tables if known.has_table(table.name)}
    with source.connect() as reading, target.begin() as writing:
        for name, table in tables.items():
            had = [column["name"] for column in known.get_columns(name)]
            table.to_metadata(made).create(writing)
            for column in table.columns:
                if column.name not in had:
                    writing.exec_driver_sql(f'ALTER TABLE "{name}" DROP COLUMN "{column.name}"')
            columns = [table.c[one] for one in had]
            if rows := [row._asdict() for row in reading.execute(select(*columns))]:
                writing.execute(
                    sql_table(name, *(sql_column(one.name, one.type) for one in columns)).insert(), rows
                )
    source.dispose()
    target.dispose()
    old.unlink()


@pytest.fixture(params=["sqlite", "postgresql"])
def old_home(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    with tarfile.open(DATA / "home-0.1.tar.gz") as archive:
        archive.extraction_filter = getattr(tarfile, "tar_filter", None)  # which Debian 12's Python lacks
        archive.extractall(tmp_path)
    home = tmp_path / "home"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        moved_to(url, home / "trapline.db")
        with (home / "trapline.toml").open("a") as file:
            file.write(f'\n[store]\nurl = "{url}"\n')
    return home


def test_upgrading_word_for_word(old_home: Path, listen: Callable[..., Any], tmp_path: Path) -> None:
    (block,) = shell_blocks("Upgrading from 0.1")
    assert block.endswith("trapline listen\n")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["sh", "-ec", block.removesuffix("trapline listen\n")],
        env={**environment(old_home), "PATH": path},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the ledger verifies: 22 entries sealed" in done.stdout
    assert (tmp_path / "home.before" / "home.id").is_file()
    alerts = tmp_path / "alerts.ndjson"
    with Home.open(old_home) as home:
        running = listen(home, TRAPLINE_CHANNELS_LOG_TYPE="file", TRAPLINE_CHANNELS_LOG_PATH=str(alerts))
        steady.until(lambda: len(list(queries.hits(home))) == 4 + UNDRAINED)
        assert running.stop() == 0
    told = [json.loads(line) for line in alerts.read_text().splitlines()] if alerts.exists() else []
    assert sum(alert.get("hits", 0) for alert in told) <= UNDRAINED, "what 0.1 told of is told again"
