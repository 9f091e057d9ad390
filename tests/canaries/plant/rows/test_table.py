"""Addresses of tables, and what a table says of itself."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pymysql
import pytest
from sqlalchemy.exc import OperationalError

from canaries.core.errors import PlantError
from canaries.plant.rows import table


@pytest.mark.parametrize(
    ("target", "name", "public"),
    [
        ("sqlite:////a/b.db?table=users", "", "sqlite:////a/b.db?table=users"),
        ("sqlite:////a/b.db", "users", "sqlite:////a/b.db?table=users"),
        ("postgresql://me@h/d?password=hush&table=u", "", "postgresql://me@h/d?table=u"),
        ("postgres://me:hush@h/d?table=app.users", "", "postgresql://me@h/d?table=app.users"),
        (
            "postgresql+psycopg2://me@h:5433/d?table=u&sslmode=require",
            "",
            "postgresql://me@h:5433/d?sslmode=require&table=u",
        ),
        ("mysql+pymysql://me:hush@h/d?table=wp_users", "", "mysql://me@h/d?table=wp_users"),
        ("mariadb://me@h/d?password=hush&table=u", "", "mariadb://me@h/d?table=u"),
    ],
)
def test_addresses_are_written_down_without_passwords(target: str, name: str, public: str) -> None:
    where = table.address(target, name)
    assert where.public == public
    assert table.address(where.public).public == public


def test_a_schema_is_kept_apart() -> None:
    where = table.address("postgresql://h/d?table=app.users")
    assert (where.schema, where.table) == ("app", "users")


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("CREATE TABLE t (mail TEXT)")
    connection.commit()
    where = table.address(f"sqlite:///{tmp_path}/a.db?table=t")
    with pytest.raises(PlantError, match="no column named nail"), table.opened(where, write=True) as opened:
        table.add(opened, where, {"mail": "x"}, ()) or table.add(opened, where, {"nail": "x"}, ())
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Duplicate entry 'O'Brien' for key 'mail'", "Duplicate entry '...' for key '...'"),
        (
            "Can't connect to MySQL server on 'h' ([Errno 111])",
            "Can't connect to MySQL server on '...' ([Errno 111])",
        ),
    ],
)
def test_what_mysql_quotes_is_left_out_and_no_more(said: str, shown: str) -> None:
    origin = pymysql.err.OperationalError(2003, said)
    assert table._reason(OperationalError("", {}, origin)) == f"{shown} (error 2003)"
