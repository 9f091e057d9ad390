"""What SHOW tells."""

from __future__ import annotations

import pytest

from listener.protocol import sql_sessions
from listener.protocol.mysql_shows import answer
from listener.protocol.sql_answers import SqlRefused, SqlRows

SESSION = sql_sessions.mysql("8.4.6", ("ann", "192.0.2.7"), "crm", 9)
NOWHERE = sql_sessions.mysql("8.4.6", ("ann", "192.0.2.7"), "", 9)


def test_rows_that_fit_a_pattern_stand_under_it() -> None:
    assert answer("SHOW DATABASES LIKE 'cr_'", SESSION) == SqlRows(("Database (cr_)",), (("crm",),))
    assert answer("SHOW TABLES FROM crm LIKE 'a%'", SESSION) == SqlRows(("Tables_in_crm (a%)",), ())
    assert answer("SHOW VARIABLES LIKE 'autocommit'", SESSION) == SqlRows(
        ("Variable_name", "Value"), (("autocommit", "ON"),)
    )


def test_an_account_may_call_procedures_and_sees_itself() -> None:
    assert answer("SHOW GRANTS", SESSION) == SqlRows(
        ("Grants for ann@%",), (("GRANT EXECUTE ON *.* TO `ann`@`%`",),)
    )
    found = answer("SHOW FULL PROCESSLIST", SESSION)
    assert isinstance(found, SqlRows)
    assert found.rows == ((9, "ann", "192.0.2.7", "crm", "Query", 0, "executing", "SHOW FULL PROCESSLIST"),)
    found = answer("SHOW TABLES IN information_schema LIKE 'views'", SESSION)
    assert isinstance(found, SqlRows)
    assert found.rows == (("VIEWS",),)


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("SHOW TABLES FROM nosuch", 1049),
        ("SHOW CREATE DATABASE nosuch", 1049),
        ("SHOW GRANTS FOR root", 1044),
        ("SHOW MASTER STATUS", 1227),
        ("SHOW ENGINE INNODB STATUS", 1227),
        ("SHOW CREATE PROCEDURE p", 1305),
    ],
)
def test_refusals(statement: str, number: int) -> None:
    found = answer(statement, SESSION)
    assert isinstance(found, SqlRefused)
    assert found.said[1:3] == number.to_bytes(2, "little")


def test_what_it_leaves_to_the_table_of_answers() -> None:
    assert answer("SHOW COLUMNS FROM members", SESSION) is None
    assert answer("SHOW CREATE TABLE members", SESSION) == SqlRefused("members", "SHOW CREATE")
    nowhere = answer("SHOW TABLES", NOWHERE)
    assert isinstance(nowhere, SqlRefused)
    assert b"No database selected" in nowhere.said


@pytest.mark.parametrize(
    "words", ["ENGINES", "PLUGINS", "CHARSET", "COLLATION", "STATUS", "WARNINGS", "TRIGGERS", "EVENTS"]
)
def test_every_row_is_as_long_as_its_head(words: str) -> None:
    found = answer(f"SHOW {words}", SESSION)
    assert isinstance(found, SqlRows)
    assert {len(row) for row in found.rows} <= {len(found.columns)}
