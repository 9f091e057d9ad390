"""The table on a real MariaDB with server_audit: who reads it is told, and the schema is what it was afterwards."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.plant.planting import plant
from listener.facts.derive import load
from listener.following.follower import LogFollower
from listener.incidents import queries
from listener.ingest.intake import Intake
from listener.readers import ReaderError
from listener.sensors import database_readers
from tests.conftest import mariadb_database

_SETUP = (
    "CREATE TABLE subscribers (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(80), email VARCHAR(120) UNIQUE)",
    "INSERT INTO subscribers (name, email) VALUES ('June', 'june@neighbours.test'), ('Tomas', 'tomas@neighbours.test')",
)


@pytest.fixture
def database(mariadb_server: str) -> Iterator[str]:
    with mariadb_database(mariadb_server) as url:
        run(url, *_SETUP)
        yield url


def run(url: str, *statements: str) -> list[object]:
    engine = create_engine(make_url(url).set(drivername="mariadb+pymysql"))
    found: list[object] = []
    with engine.begin() as connection:
        for statement in statements:
            done = connection.exec_driver_sql(statement)
            found = list(done) if done.returns_rows else []
    engine.dispose()
    return found


def dumped(url: str, *words: str) -> str:
    where = make_url(url)
    program = shutil.which("mariadb-dump") or shutil.which("mysqldump") or pytest.skip("no mariadb-dump")
    done = subprocess.run(
        [
            *(program, "-h", str(where.host), "-P", str(where.port), "-u", "root", "--skip-comments"),
            *words,
            str(where.database),
        ],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return re.sub(r"AUTO_INCREMENT=\d+ ", "", done.stdout)


def test_a_read_is_told_and_nothing_is_left(
    home: Home, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = f"{database}?table=subscribers"
    people = [one.canary.id for one in mint(home, "user", count=2)]
    for canary in people:
        plant(home, canary, target)
    before = dumped(database, "--no-data")
    if not run(database, "SHOW GLOBAL VARIABLES LIKE 'server_audit_logging'"):
        pytest.skip("no server_audit")
    audit = tmp_path / "audit.log"
    tmp_path.chmod(0o777)
    run(database, "SET GLOBAL server_audit_logging = OFF")
    with pytest.raises(ReaderError, match="server_audit is off"):
        database_readers.install(home, target)
    run(
        database,
        f"SET GLOBAL server_audit_file_path = '{audit}'",
        "SET GLOBAL server_audit_events = 'TABLE'",
        "SET GLOBAL server_audit_logging = ON",
    )
    try:
        found = database_readers.install(home, target)
        [(canary, name)] = found.plan.tokens
        assert canary == people[0]
        assert name.startswith(("subscribers_", "all_subscribers_"))
        monkeypatch.setenv("TRAPLINE_LOGS_AUDIT_TYPE", "mariadb-audit")
        monkeypatch.setenv("TRAPLINE_LOGS_AUDIT_PATH", str(audit))
        again = Home.open(home.path)
        follower = LogFollower(again, Intake(again, load(again)), lambda said: None)
        follower.look()
        run(database, "SELECT * FROM subscribers")
        follower.look()
        assert list(queries.hits(home)) == []
        assert len(run(database, f"SELECT * FROM {name}")) == 2
        follower.look()
        [hit] = queries.hits(home)
        assert (hit.canary, hit.facet) == (people[0], "table")
        assert hit.facts["verdict"]["event"] == "table_read"
        assert f"INSERT INTO `{name}`" in dumped(database)
        follower.look()
        assert len(list(queries.hits(home))) == 2, "a dump reads it, as the proposal says"
        [state] = database_readers.check(home)
        assert state.problems == ()
        database_readers.uninstall(home, target)
        assert dumped(database, "--no-data") == before
    finally:
        run(database, "SET GLOBAL server_audit_logging = OFF")
