"""VALUES and WITH."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import sql_answers, sql_sessions
from listener.protocol.postgres_queries import answer
from listener.protocol.sql_answers import SqlAnswer, SqlRefused, SqlRows

SESSION = sql_sessions.postgres("15.20", "gcc", "ann", "crm")


def ask(text: str) -> SqlAnswer:
    return next(sql_answers.answers(text, SESSION), SqlRefused("", "SELECT"))


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("VALUES (1, 'a'), (2, 'b')", SqlRows(("column1", "column2"), ((1, "a"), (2, "b")))),
        ("WITH a AS (SELECT 1 AS x, ')' AS y) SELECT * FROM a", SqlRows(("x", "y"), ((1, ")"),))),
        ("WITH a (n) AS (VALUES (1), (2)) SELECT n FROM a", SqlRows(("n",), ((1,), (2,)))),
        ("WITH a AS (SELECT 1 AS x) SELECT y FROM a", SqlRefused("y", "SELECT", "column")),
        ("WITH a AS (SELECT * FROM members) SELECT * FROM a", SqlRefused("members", "SELECT")),
        ("SELECT 1", None),
        ("VALUES (1), (2, 3)", None),
    ],
)
def test_rows_that_a_query_makes_itself(statement: str, found: SqlAnswer | None) -> None:
    assert answer(statement, ask) == found


@given(st.text(alphabet="()'\",1 aVALUESWITHFROM*", max_size=80))
def test_nothing_hostile_raises(text: str) -> None:
    answer("VALUES (" + text, ask)
    answer("WITH a AS (" + text, ask)
