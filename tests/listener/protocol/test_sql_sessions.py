"""What three servers know of themselves: their own version, the client's login."""

from __future__ import annotations

from listener.protocol import mssql_releases, mysql_catalogue, sql_sessions
from listener.protocol.sql_answers import SqlRows, SqlSession, answers
from listener.protocol.sql_values import SqlValue


def asked(text: str, session: SqlSession) -> SqlValue:
    (found,) = answers(text, session)
    assert isinstance(found, SqlRows)
    return found.rows[0][0]


def test_each_server_knows_itself_and_who_asks() -> None:
    postgres = sql_sessions.postgres("15.14 (Debian 15.14-0+deb12u1)", "gcc 12.2.0", "app", "crm")
    assert str(asked("select version()", postgres)).startswith("PostgreSQL 15.14 (Debian")
    assert asked("show server_version_num", postgres) == "150014"
    assert asked("select current_database()", postgres) == "crm"
    mysql = sql_sessions.mysql("8.0.43", ("app", "192.0.2.7"), "", 9)
    assert asked("select user()", mysql) == "app@192.0.2.7"
    assert asked("select database()", mysql) is None
    assert asked("select connection_id()", mysql) == 9
    mssql = sql_sessions.mssql(mssql_releases.RELEASES[-1], "SQL01", {"user": "app"}, 51)
    assert asked("select @@servername", mssql) == "SQL01"
    assert str(asked("select @@version", mssql)).startswith("Microsoft SQL Server 2022")
    assert asked("select db_name()", mssql) == "master"


MICROS = 1_795_902_638_250_000
"""2026-11-28T21:50:38.25Z."""


def test_each_server_tells_the_time_as_it_writes_it() -> None:
    berlin = sql_sessions.postgres("15.20", "gcc", "app", "crm", micros=MICROS, zone="Europe/Berlin")
    assert asked("select now()", berlin) == "2026-11-28 22:50:38.25+01"
    assert asked("show timezone", berlin) == "Europe/Berlin"
    assert asked("select current_date", berlin) == "2026-11-28"
    mysql = sql_sessions.mysql("8.0.43", ("app", "192.0.2.7"), "", 9, micros=MICROS)
    assert asked("select now()", mysql) == "2026-11-28 21:50:38"
    mssql = sql_sessions.mssql(mssql_releases.RELEASES[-1], "SQL01", {"user": "app"}, 51, micros=MICROS)
    assert asked("select getdate()", mssql) == "2026-11-28 21:50:38.250"


def test_an_account_of_mysql_may_use_databases_and_read_nothing() -> None:
    within = sql_sessions.mysql("8.0.43", ("app", "192.0.2.7"), "crm", 9)
    assert asked("show grants", within) == "GRANT EXECUTE ON *.* TO `app`@`%`"
    (databases,) = answers("show databases", within)
    assert databases == SqlRows(("Database",), tuple((name,) for name in ("crm", *mysql_catalogue.SYSTEM)))
    (tables,) = answers("show full tables", within)
    assert tables == SqlRows(("Tables_in_crm", "Table_type"), ())
