"""What tests of more than one room share: homes on both databases."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from canaries.home import Home



def pytest_sessionfinish(session: pytest.Session) -> None:
    """With NO_SKIPS set (as continuous integration does) a skipped test is a failure of the set-up."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter is not None else []
    if skipped and os.environ.get("NO_SKIPS"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


TOML = '[operator]\norganisation = "Test Trust"\n'


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A fresh installation on SQLite, in a folder of its own."""
    made = Home.create(tmp_path / "home", TOML)
    yield made
    made.store.close()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A database of this test's own on the server of TEST_POSTGRES_URL, or of 127.0.0.1; skips where there is none."""
    server = make_url(
        os.environ.get("TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
    )
    engine = create_engine(server, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    name = f"trapline_test_{secrets.token_hex(6)}"
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    except OperationalError:
        engine.dispose()
        pytest.skip("no PostgreSQL server (set TEST_POSTGRES_URL)")
    yield server.set(database=name, drivername="postgresql").render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


@pytest.fixture
def postgres_home(tmp_path: Path, postgres_url: str) -> Iterator[Home]:
    """A fresh installation on PostgreSQL."""
    made = Home.create(tmp_path / "home", f'{TOML}[store]\nurl = "{postgres_url}"\n')
    yield made
    made.store.close()


@pytest.fixture(params=["home", "postgres_home"], ids=["sqlite", "postgresql"])
def any_home(request: pytest.FixtureRequest) -> Home:
    """A fresh installation, once on each database."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Home)
    return found
