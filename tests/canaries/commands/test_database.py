"""``trapline database roles``."""

from __future__ import annotations

import secrets

import pytest
from click.testing import CliRunner

from canaries.core.errors import StoreError
from canaries.installation.home import Home
from listener.cli import trapline


def arguments(home: Home, listener: str, operators: str) -> list[str]:
    return ["--home", str(home.path), "database", "roles", "--listener", listener, "--operators", operators]


def test_it_grants(postgres_home: Home) -> None:
    names = [f"tl_{name}_{secrets.token_hex(4)}" for name in ("l", "o")]
    with postgres_home.store.write() as connection:
        for name in names:
            connection.exec_driver_sql(f"CREATE ROLE {name}")
    try:
        done = CliRunner().invoke(trapline, arguments(postgres_home, *names), catch_exceptions=False)
        assert "may only add" in done.stderr
    finally:
        with postgres_home.store.write() as connection:
            for name in names:
                connection.exec_driver_sql(f"DROP OWNED BY {name}")
                connection.exec_driver_sql(f"DROP ROLE {name}")


def test_on_sqlite_it_says_that_there_are_none(home: Home) -> None:
    with pytest.raises(StoreError, match="PostgreSQL"):
        CliRunner().invoke(trapline, arguments(home, "a", "b"), catch_exceptions=False)
