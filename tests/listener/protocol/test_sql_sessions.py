"""What three servers know of themselves: their own version, the client's login."""

from __future__ import annotations

from listener.protocol import sql_sessions
from listener.protocol.sql_answers import SqlRows, SqlSession, answers


def asked(text: str, session: SqlSession) -> str | int | None:
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
    mssql = sql_sessions.mssql((16, 0, 4185), "SQL01", {"user": "app"}, 51)
    assert asked("select @@servername", mssql) == "SQL01"
    assert str(asked("select @@version", mssql)).startswith("Microsoft SQL Server 2022")
    assert asked("select db_name()", mssql) == "master"
