"""SET: what holds for the connection, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import sql_sessions
from listener.protocol.mysql_settings import answer
from listener.protocol.sql_answers import SqlDone, SqlRefused
from listener.protocol.sql_values import SqlValue

SESSION = sql_sessions.mysql("8.4.6", ("ann", "192.0.2.7"), "crm", 9)


@pytest.mark.parametrize(
    ("statement", "name", "value"),
    [
        ("SET @a = 1 + 1", "@a", 2), ("SET @A := 'x', @b = 2", "@b", 2), ("SET autocommit = OFF", "@@autocommit", 0),
        ("SET SESSION sql_mode = ''", "@@sql_mode", ""), ("SET @@session.wait_timeout = 100", "@@wait_timeout", 100),
        ("SET NAMES utf8", "@@character_set_client", "utf8mb3"), ("SET NAMES 'latin1' COLLATE latin1_bin",
         "@@character_set_results", "latin1"), ("SET time_zone = '+00:00'", "@@time_zone", "+00:00"),
    ],
)  # fmt: skip
def test_what_is_set_holds(statement: str, name: str, value: SqlValue) -> None:
    kept: dict[str, SqlValue] = {}
    assert answer(statement, SESSION, kept) == SqlDone("SET")
    assert kept[name] == value


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("SET nosuch = 1", 1193), ("SET port = 1", 1238), ("SET @@global.autocommit = 1", 1227),
        ("SET autocommit = 5", 1231),
        ("SET max_connections = 1", 1229), ("SET max_allowed_packet = 1", 1621), ("SET sql_mode = 'nosuch'", 1231),
        ("SET wait_timeout = 'abc'", 1232), ("SET time_zone = 'nosuch'", 1298), ("SET NAMES nosuch", 1115),
        ("SET sql_log_bin = 0", 1227), ("SET ROLE nosuch", 3530), ("SET PASSWORD FOR root = 'x'", 1227),
    ],
)  # fmt: skip
def test_what_is_refused_changes_nothing(statement: str, number: int) -> None:
    kept: dict[str, SqlValue] = {}
    found = answer(statement, SESSION, kept)
    assert isinstance(found, SqlRefused)
    assert found.said[1:3] == number.to_bytes(2, "little")
    assert kept == {}


def test_what_is_kept_is_bounded() -> None:
    kept: dict[str, SqlValue] = {}
    for number in range(400):
        answer(f"SET @v{number} = repeat('x', 9999)", SESSION, kept)
    assert len(kept) == 256
    assert max(len(str(value)) for value in kept.values()) == 4096


@given(st.text(max_size=80))
def test_nothing_hostile_raises(text: str) -> None:
    answer("SET " + text, SESSION, {})
