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


def test_a_url_that_says_read_only_is_opened_so(tmp_path: Path) -> None:
    path = tmp_path / "a b?.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (mail TEXT)")
    connection.commit()
    connection.close()
    quoted = str(path).replace(" ", "%20").replace("?", "%3F")
    where = table.address(f"sqlite:///{quoted}?table=t&mode=ro&timeout=1")
    assert where.public.endswith("?mode=ro&table=t&timeout=1")
    with table.opened(where) as opened:
        assert table.rows_with(opened, where, ["mail"], {"mail": "x"}, 1) == []
    with pytest.raises(PlantError, match="readonly"), table.opened(where, write=True) as opened:
        table.add(opened, where, {"mail": "x"}, ())


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("sqlite:////a.db?table=t&mod=ro", "an option 'mod' that sqlite does not take"),
        ("sqlite:////a.db?table=t&mode=memory", "'mode' of the target URL is not ro|rw"),
        ("sqlite:////a.db?table=t&mode=ro&mode=rw", "is not ro|rw"),
        ("mysql://h/d?table=t&sslmode=require", "an option 'sslmode' that mysql does not take"),
    ],
)
def test_an_option_that_would_be_dropped_is_refused(target: str, said: str) -> None:
    with pytest.raises(PlantError, match=said.replace("|", r"\|")):
        table.address(target)


def test_options_that_are_taken_stay() -> None:
    where = table.address("mysql://h/d?table=t&ssl_ca=/a.pem&read_default_file=/b.cnf&charset=utf8mb4")
    assert set(where.url.query) == {"ssl_ca", "read_default_file", "charset"}
