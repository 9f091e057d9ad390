"""SELECT without tables: unions, subqueries, limits, INFORMATION_SCHEMA."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import sql_sessions
from listener.protocol.mysql_selects import answer
from listener.protocol.sql_answers import SqlDone, SqlRefused, SqlRows
from listener.protocol.sql_values import SqlValue

SESSION = sql_sessions.mysql("8.4.6", ("ann", "192.0.2.7"), "crm", 9)


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        ("SELECT 1 UNION SELECT 2 UNION SELECT 1", ((1,), (2,))), ("SELECT 1 UNION ALL SELECT 1", ((1,), (1,))),
        ("(SELECT 1) UNION (SELECT 2)", ((1,), (2,))), ("SELECT 1 WHERE 0", ()), ("SELECT 1 LIMIT 0", ()),
        ("SELECT (SELECT 5) + 1", ((6,),)), ("SELECT EXISTS (SELECT 1), EXISTS (SELECT 1 WHERE 0)", ((1, 0),)),
        ("SELECT x + 1 FROM (SELECT 1 AS x) t", ((2,),)), ("SELECT * FROM (SELECT 1 AS x, 2 y) AS t", ((1, 2),)),
        ("WITH a AS (SELECT 1 AS x), b (y) AS (SELECT 2) SELECT y FROM b", ((2,),)), ("SELECT 1 FROM DUAL", ((1,),)),
        ("SELECT count(*) FROM information_schema.schemata", ((5,),)),
        ("SELECT max(privilege_type) FROM information_schema.user_privileges", (("EXECUTE",),)),
        ("SELECT sum(id) FROM information_schema.processlist WHERE 0", ((None,),)),
        ("SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'c%'", (("crm",),)),
        ("SELECT schema_name FROM INFORMATION_SCHEMA.SCHEMATA ORDER BY 1 DESC LIMIT 1, 1", (("performance_schema",),)),
        ("SELECT schema_name n FROM information_schema.schemata ORDER BY n LIMIT 1 OFFSET 1",
         (("information_schema",),)),
        ("SELECT schema_name FROM information_schema.schemata WHERE schema_name IN (SELECT 'sys')", (("sys",),)),
        ("SELECT group_concat(schema_name) FROM information_schema.schemata WHERE schema_name < 'j'",
         (("crm,information_schema",),)),
    ],
)  # fmt: skip
def test_rows(statement: str, rows: tuple[tuple[SqlValue, ...], ...]) -> None:
    found = answer(statement, SESSION)
    assert isinstance(found, SqlRows)
    assert found.rows == rows


@pytest.mark.parametrize(
    ("statement", "number", "text"),
    [
        ("SELECT *", 1096, b"No tables used"),
        ("SELECT 1, 2 UNION SELECT 1", 1222, b"different number of columns"),
        ("SELECT 1 INTO OUTFILE '/tmp/x'", 1227, b"the FILE privilege"),
        ("SELECT * FROM information_schema.nosuch", 1109, b"Unknown table 'NOSUCH' in information_schema"),
        ("SELECT t.id", 1109, b"Unknown table 't' in field list"),
        ("SELECT updatexml(1, '~x', 1)", 1105, b"XPATH"),
    ],
)
def test_errors(statement: str, number: int, text: bytes) -> None:
    found = answer(statement, SESSION)
    assert isinstance(found, SqlRefused)
    assert found.said[1:3] == number.to_bytes(2, "little")
    assert text in found.said


def test_what_is_refused_by_name() -> None:
    assert answer("SELECT * FROM mysql.user", SESSION) == SqlRefused("user", "SELECT")
    assert answer("SELECT nosuch FROM information_schema.tables", SESSION) == SqlRefused(
        "nosuch", "SELECT", "column"
    )
    assert answer("SELECT * FROM members", SESSION) is None
    assert answer("SELECT a FROM information_schema.files", SESSION) is None
    assert answer("SELECT a.x FROM a JOIN b ON 1", SESSION) is None
    assert answer("SELECT 1 INTO @a", SESSION) == SqlDone("SELECT")


def test_what_stands_within_rows_is_asked_once_however_deep() -> None:
    tables = "information_schema.tables"
    asked = f"SELECT count(*) FROM {tables}"
    for _ in range(6):  # once for each row would be a thousand thousand million times
        asked = f"SELECT count(({asked})) FROM {tables}"
    assert isinstance(answer(asked, SESSION), SqlRows)


def test_a_row_that_says_its_own_question_is_no_question() -> None:
    asked = "WITH a AS (SELECT '(select x from a)' AS x) SELECT (select x from a)"
    assert answer(asked, SESSION) == SqlRows(("(select x from a)",), (("(select x from a)",),))


@pytest.mark.parametrize("text", ["'" * 60 + " + 1", "'" * 61, "'' " * 40 + "+ 1"])
def test_quotes_without_an_end_cost_no_power_of_their_number(text: str) -> None:
    answer(f"SELECT {text}", SESSION)


@given(st.text(alphabet="()'\"`1a?*, SELECTFROMWHEUNIL", max_size=100))
def test_nothing_hostile_raises(text: str) -> None:
    answer("SELECT " + text, SESSION)
