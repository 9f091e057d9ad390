"""Statements of an intruder at MySQL: numbers and words of its error reference."""

from __future__ import annotations

import pytest

from listener.protocol import mysql_rules, sql_answers, sql_sessions
from listener.protocol.mysql_rules import unreadable
from listener.protocol.sql_answers import SqlAnswer, SqlDone, SqlRefused, SqlRows
from listener.protocol.sql_values import SqlValue


def answer(
    statement: str, user: str, host: str, database: str, kept: dict[str, SqlValue] | None = None
) -> SqlAnswer | None:
    kept = {} if kept is None else kept
    session = sql_sessions.mysql("8.4.6", (user, host), database, 9, kept=kept)
    return mysql_rules.answer(
        statement, user, host, database, session, kept, lambda text: next(sql_answers.answers(text, session))
    )


@pytest.mark.parametrize(
    ("statement", "number", "text"),
    [
        ("create database other", 1044, b"to database 'other'"),
        ("DROP DATABASE IF EXISTS `other`", 1044, b"to database 'other'"),
        ("CREATE USER bob", 1227, b"the CREATE USER privilege(s)"),
        ("FLUSH  PRIVILEGES", 1227, b"the RELOAD privilege(s)"),
        ("SET GLOBAL general_log = 'ON'", 1227, b"SUPER or SYSTEM_VARIABLES_ADMIN"),
        ("CALL p()", 1305, b"PROCEDURE crm.p does not exist"),
        ("DROP PROCEDURE p", 1370, b"alter routine command denied to user 'ann'@'h' for routine 'crm.p'"),
        ("EXECUTE s", 1243, b"(s) given to EXECUTE"),
        ("KILL 1", 1094, b"Unknown thread id: 1"),
        ("START REPLICA", 1227, b"SUPER or REPLICATION_SLAVE_ADMIN"),
        ("GRANT ALL ON *.* TO ann", 1045, b"(using password: YES)"),
        ("LOAD DATA INFILE '/etc/passwd' INTO TABLE t", 1045, b"(using password: YES)"),
        ("LOAD DATA LOCAL INFILE 'x' INTO TABLE t", 3948, b"Loading local data is disabled"),
        ("CREATE FUNCTION f RETURNS string SONAME 'x.so'", 1044, b"to database 'mysql'"),
        ("DROP TRIGGER t", 1360, b"Trigger does not exist"),
        ("SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'x'", 1644, b"#45000x"),
    ],
)
def test_number_and_words(statement: str, number: int, text: bytes) -> None:
    found = answer(statement, "ann", "h", "crm")
    assert isinstance(found, SqlRefused)
    assert found.said[1:3] == number.to_bytes(2, "little")
    assert text in found.said


@pytest.mark.parametrize(
    ("statement", "verb"),
    [
        ("INSERT INTO members (id) VALUES (1)", "INSERT"),
        ("INSERT members VALUES (1)", "INSERT"),
        ("REPLACE INTO members VALUES (1)", "INSERT, DELETE"),
        ("CREATE TABLE IF NOT EXISTS members (id int)", "CREATE"),
        ("CREATE INDEX i ON members (id)", "INDEX"),
        ("RENAME TABLE members TO x", "DROP, ALTER"),
    ],
)
def test_which_table_and_what_was_missing(statement: str, verb: str) -> None:
    assert answer(statement, "ann", "h", "crm") == SqlRefused("members", verb)


def test_statements_are_prepared_by_name() -> None:
    kept: dict[str, SqlValue] = {}
    assert answer("PREPARE s FROM 'SELECT 7'", "ann", "h", "crm", kept) == SqlDone("PREPARE")
    assert answer("EXECUTE s", "ann", "h", "crm", kept) == SqlRows(("7",), ((7,),))
    assert answer("DEALLOCATE PREPARE s", "ann", "h", "crm", kept) == SqlDone("DEALLOCATE")
    assert isinstance(answer("EXECUTE s", "ann", "h", "crm", kept), SqlRefused)


def test_a_result_goes_into_variables() -> None:
    kept: dict[str, SqlValue] = {}
    assert answer("SELECT 1, 'x' INTO @a, @b", "ann", "h", "crm", kept) == SqlDone("SELECT")
    assert kept == {"@a": 1, "@b": "x"}


def test_what_anybody_may() -> None:
    assert answer("UNLOCK TABLES", "ann", "h", "crm") == SqlDone("DO")
    assert answer("SELECT * FROM members", "ann", "h", "crm") is None


@pytest.mark.parametrize(
    ("text", "near"),
    [("SELEC 1", "'SELEC 1' at line 1"), ("SELECT 1;\nfoo", "'foo' at line 2"), ("SELECT 'a", "''a' at line 1"),
     ("SELECT (1", "'' at line 1"), ("SELECT", "'' at line 1"), ("VALUES (1)", "'(1)' at line 1"),
     ("SHOW nosuch", "'nosuch' at line 1"),
     ("SELECT ?", "'?' at line 1"), ("BEGIN TRANSACTION", "'TRANSACTION' at line 1")],
)  # fmt: skip
def test_what_cannot_be_read(text: str, near: str) -> None:
    assert f"right syntax to use near {near}".encode() in unreadable(text)


@pytest.mark.parametrize(
    "text",
    ["/*!40101 SET NAMES utf8 */", "SHOW CHARACTER SET", "SET autocommit = ON", "SHOW TABLES", "SELECT 1 # a'",
     "SELECT \"a\\\"b\"",
     "SET @a = 'x', @@b = 1", "SELECT `a` FROM `t` WHERE b = ?", "BEGIN", "(SELECT 1)"],
)  # fmt: skip
def test_what_clients_say_is_read(text: str) -> None:
    assert unreadable(text) == b""


def test_a_statement_that_runs_itself_is_not_prepared() -> None:
    kept: dict[str, SqlValue] = {}
    assert answer("PREPARE a FROM 'SELECT 1'", "u", "h", "", kept) == SqlDone("PREPARE")
    refused = answer("PREPARE a FROM 'EXECUTE a'", "u", "h", "", kept)
    assert isinstance(refused, SqlRefused)
    assert b"not supported in the prepared statement protocol" in refused.said
    assert isinstance(answer("EXECUTE a", "u", "h", "", kept), SqlRows)


def test_a_variable_takes_no_more_of_a_result_than_of_a_value() -> None:
    kept: dict[str, SqlValue] = {}
    answer("SELECT repeat('a', 60000) INTO @a", "u", "h", "", kept)
    assert len(str(kept["@a"])) == 4096
