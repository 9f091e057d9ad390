"""What answers may cost, and that statements that want more are refused in each server's words."""

from __future__ import annotations

import pytest

from listener.protocol import mysql_refusals, postgres_messages, sql_answers, sql_sessions, tds_refusals
from listener.protocol.sql_answers import SqlRefused, SqlRows, SqlSession
from listener.protocol.sql_effort import SqlEffort, SqlTooMuchError
from listener.protocol.sql_values import SqlBound, SqlParameter

TABLES = "information_schema.tables"
LIKE = "repeat(1,512) like repeat('%_2',170)"
DEAR = (
    f"SELECT {','.join(['repeat(1,65536)'] * 200)} FROM {TABLES}",
    f"SELECT 1 FROM {TABLES} WHERE 0{'|0' * 2000}",
    f"SELECT 1 FROM {TABLES} WHERE 0{'|length(sha2(repeat(1,65536),512))' * 100}",
    "SELECT " + ",".join(["repeat('a',65536)"] * 200),
    f"SELECT 1 FROM {TABLES} WHERE {' OR '.join([LIKE] * 90)}",
    f"WITH a AS (SELECT {','.join(f'repeat(1,65536) AS c{n}' for n in range(60))})"
    + " UNION ALL ".join([" SELECT * FROM a"] * 60),
)


def mysql() -> SqlSession:
    return sql_sessions.mysql("8.0.36", ("app", "h"), "crm", 7, micros=1_700_000_000_000_000)


@pytest.mark.parametrize("text", DEAR)
def test_a_short_statement_whose_answer_would_cost_much_is_refused(text: str) -> None:
    (answer,) = sql_answers.answers(text, mysql())
    assert isinstance(answer, SqlRefused)
    assert answer.sort == "effort"
    assert b"maximum statement execution time exceeded" in mysql_refusals.refusal(answer, "app", "h", "crm")


def test_many_statements_of_one_batch_cost_together() -> None:
    *before, last = sql_answers.answers(f"SELECT 1 FROM {TABLES} WHERE 0{'|0' * 20};" * 60, mysql())
    assert all(isinstance(one, SqlRows) for one in before)
    assert isinstance(last, SqlRefused)


def test_what_tools_ask_of_the_catalogue_is_cheap() -> None:
    asked = f"SELECT table_schema, table_name, table_type FROM {TABLES} WHERE table_schema NOT IN ('mysql', 'sys')"
    assert all(isinstance(one, SqlRows) for one in sql_answers.answers(f"{asked};" * 8, mysql()))


@pytest.mark.parametrize("server", ["postgres", "mssql"])
def test_a_long_value_comes_back_only_so_often(server: str) -> None:
    name = "$1" if server == "postgres" else "@p1"
    long = SqlParameter(1, given=SqlBound("x" * 60_000, data=b"x" * 60_000))
    session = SqlSession({name: long}, server=server)
    (answer,) = sql_answers.answers(f"SELECT {','.join([name] * 200)}", session)
    assert isinstance(answer, SqlRefused)
    assert answer.sort == "effort"
    (once,) = sql_answers.answers(f"SELECT {name}", SqlSession({name: long}, server=server))
    assert isinstance(once, SqlRows)


def test_each_server_has_its_words() -> None:
    assert tds_refusals.refusal(SqlRefused("", "SELECT", "effort"), "app", "crm")[0] == 8623
    assert b"C57014" in postgres_messages.refusal("", "effort")


def test_what_is_left_ends() -> None:
    effort = SqlEffort()
    effort.hold("x" * 65_536)
    for _ in range(100):
        effort.evaluate("x" * 1000)
    with pytest.raises(SqlTooMuchError):
        effort.evaluate("x" * 100_000)
