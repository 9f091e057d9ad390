"""Statements of an intruder at MySQL: numbers and words of its error reference."""

from __future__ import annotations

import pytest

from listener.protocol.mysql_rules import answer, unreadable
from listener.protocol.sql_answers import SqlDone, SqlRefused


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


def test_what_anybody_may() -> None:
    assert answer("UNLOCK TABLES", "ann", "h", "crm") == SqlDone("DO")
    assert answer("SELECT * FROM members", "ann", "h", "crm") is None


@pytest.mark.parametrize(
    ("text", "near"),
    [("SELEC 1", "'SELEC 1' at line 1"), ("SELECT 1;\nfoo", "'foo' at line 2"), ("SELECT 'a", "''a' at line 1"),
     ("SELECT (1", "'' at line 1"), ("SELECT", "'' at line 1")],
)  # fmt: skip
def test_what_cannot_be_read(text: str, near: str) -> None:
    assert f"right syntax to use near {near}".encode() in unreadable(text)


@pytest.mark.parametrize(
    "text",
    ["/*!40101 SET NAMES utf8 */", "SHOW CHARACTER SET", "SET autocommit = ON", "SELECT ?", "SELECT 1 # a'",
     "SELECT \"a\\\"b\"",
     "SET @a = 'x', @@b = 1", "SELECT `a` FROM `t` WHERE b = ?", "BEGIN", "(SELECT 1)"],
)  # fmt: skip
def test_what_clients_say_is_read(text: str) -> None:
    assert unreadable(text) == b""
