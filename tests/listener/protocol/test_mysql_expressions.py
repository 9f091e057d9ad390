"""Expressions as MySQL computes them; the whole corpus is held beside a real server by the trap's test."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.mysql_expressions import evaluated
from listener.protocol.mysql_functions import MysqlCallError
from listener.protocol.sql_expressions import SqlUnknownError
from listener.protocol.sql_values import SqlBound, SqlNumber, SqlParameter, SqlValue

VALUES: dict[str, SqlValue] = {
    "version()": "8.4.6",
    "@@port": 3306,
    "@a": 5,
    "?2": SqlParameter(2, given=SqlBound("b")),
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("7 / 2", "3.5000"), ("1e3", "1000"), ("-(-3)", 3), ("!1 + 1", 1),
        ("1 OR NULL", 1), ("0 AND NULL", 0), ("1 XOR 1", 0), ("NOT 1 = 2", 1), ("NULL <=> NULL", 1),
        ("NULL = NULL", None), ("NOT NOT 5", 1), ("!!0", 0),
        ("3 BETWEEN 1 AND 5 AND 0", 0), ("5 NOT IN (1, NULL)", None), ("'a' LIKE 'A%'", 1), ("1 IS NOT NULL", 1),
        ("0x41", "A"), ("'a' 'b'", "ab"), ('"a"', "a"), ("BINARY 'a'", "a"), ("DATE '2020-01-02'", "2020-01-02"),
        ("CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END", "b"), ("CASE WHEN 0 THEN 1 ELSE 2 END", 2),
        ("version()", "8.4.6"),
        ("@@session.port", 3306), ("@a + 1", 6), ("@b", None), ("@b := 7", 7), ("CONVERT('a' USING utf8mb4)", "a"),
        ("CAST('7' AS UNSIGNED)", 7), ("count(*)", 1), ("upper(?)", "B"),
    ],
)  # fmt: skip
def test_values(text: str, value: SqlValue) -> None:
    assert evaluated(text, VALUES, marks=1) == value


def test_sorts_of_numbers() -> None:
    exact, other = evaluated("1.50", {}), evaluated("1e1", {})
    assert isinstance(exact, SqlNumber)
    assert isinstance(other, SqlNumber)
    assert (exact.exact, other.exact) == (True, False)


def test_what_is_bound_alone_is_told_as_it_came_and_what_is_open_stays_open() -> None:
    assert evaluated("?", VALUES, marks=1) == VALUES["?2"]
    assert evaluated("?", {}, marks=2) == SqlParameter(3)
    assert evaluated("upper(?)", {}) == SqlParameter(0)


@pytest.mark.parametrize(
    ("text", "sort", "name"),
    [("nosuch(1)", "function", "nosuch"), ("crm.f(1)", "function", "crm.f"), ("`a`", "column", "a"),
     ("@@session.nosuch", "variable", "nosuch"), ("t.id", "column", "t.id")],
)  # fmt: skip
def test_what_there_is_not_is_named(text: str, sort: str, name: str) -> None:
    with pytest.raises(SqlUnknownError) as caught:
        evaluated(text, VALUES)
    assert (caught.value.sort, caught.value.name) == (sort, name)


@given(st.text(alphabet="()'\"`1.aeE?@+-*/%<>=!~|&^ ,NULORINDCASEWHTX", max_size=120))
def test_any_text_is_a_value_or_one_of_these_errors(text: str) -> None:
    with contextlib.suppress(ValueError, SqlUnknownError, MysqlCallError):
        evaluated(text, VALUES)


def test_what_is_nested_deeply_is_beyond_it() -> None:
    for text in ("(" * 500 + "1" + ")" * 500, "-" * 500 + "1", "!" * 500 + "1"):
        with pytest.raises(ValueError, match="deep"):
            evaluated(text, {})
