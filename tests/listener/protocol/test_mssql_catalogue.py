"""What a login on SQL Server lists first is never empty, and names its columns."""

from __future__ import annotations

import pytest

from listener.protocol import sql_answers, sql_sessions
from listener.protocol.mssql_catalogue import answer
from listener.protocol.mssql_releases import RELEASES
from listener.protocol.sql_answers import SqlRows
from tests.every import every

_DATABASES = ["master", "tempdb", "model", "msdb", "crm"]


def told(statement: str, user: str = "ann", database: str = "crm") -> SqlRows:
    session = sql_sessions.mssql(RELEASES[-1], "SRV", {"user": user, "database": database}, 55)
    found = next(sql_answers.answers(statement, session))
    assert isinstance(found, SqlRows)
    return found


@every(
    "statement",
    [
        "SELECT name FROM sys.databases",
        "select name from master.sys.databases order by database_id",
        "SELECT name FROM master..sysdatabases",
        "SELECT [name] FROM [master].[dbo].[sysdatabases] ORDER BY dbid",
        "SELECT d.name FROM sys.databases AS d",
    ],
)
def test_every_way_to_ask_for_the_databases(statement: str) -> None:
    found = told(statement)
    assert [name for (name,) in found.rows] == _DATABASES
    assert found.columns == ("name",)


def test_what_tools_ask_more_of_them() -> None:
    assert told("select name, is_trustworthy_on from sys.databases").rows[3] == ("msdb", 1)
    assert told("SELECT TOP 1 name FROM sys.databases WHERE database_id > 4").rows == (("crm",),)
    assert told(
        "SELECT name FROM sys.databases WHERE name NOT IN ('master','tempdb','model','msdb')"
    ).rows == (("crm",),)
    assert told("SELECT count(*) FROM sys.databases").rows == ((5,),)
    assert told("SELECT compatibility_level FROM sys.databases WHERE name = 'crm'").rows == ((160,),)


def test_of_the_logins_sa_and_ones_own() -> None:
    assert told("SELECT name FROM sys.sql_logins").rows == (("sa",), ("ann",))
    assert told("SELECT name FROM master..syslogins WHERE sysadmin = 1").rows == (("sa",),)
    assert told("SELECT name FROM sys.server_principals WHERE type IN ('S', 'U')").rows == (("sa",), ("ann",))
    assert told("SELECT name FROM sys.sql_logins", "sa", "master").rows == (("sa",),)


def test_of_the_schemas_those_that_every_database_has() -> None:
    assert told("SELECT SCHEMA_NAME FROM INFORMATION_SCHEMA.SCHEMATA").rows[:2] == (("dbo",), ("guest",))
    assert told("SELECT name FROM sys.schemas WHERE schema_id < 5").columns == ("name",)


@pytest.mark.parametrize("statement", ["SELECT name FROM sys.tables", "SELECT t.[name] FROM sys.tables t"])
def test_an_empty_list_names_its_columns(statement: str) -> None:
    assert told(statement) == SqlRows(("name",), ())


def test_the_rest_is_left_to_others() -> None:
    for statement in (
        "SELECT 1",
        "SELECT * FROM members",
        "EXEC sp_helpdb",
        "SELECT nosuch FROM sys.databases",
    ):
        assert answer(statement, RELEASES[0], "ann", "crm") is None
