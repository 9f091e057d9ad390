"""What any account may ask is answered, a table is refused by its name, and no text takes long or raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.sql_answers import (
    MOST_STATEMENTS,
    SqlAnswer,
    SqlDone,
    SqlRefused,
    SqlRows,
    SqlSession,
    answers,
    statements,
)

SESSION = SqlSession({"version()": "V 1", "current_user": "app", "@@version": "V 1", "server_version": "1"})
NAMED = SqlSession(SESSION.values, unnamed="?column?")


def one(text: str, session: SqlSession = SESSION) -> SqlAnswer:
    (answer,) = answers(text, session)
    return answer


@pytest.mark.parametrize(
    ("text", "columns", "row"),
    [
        ("SELECT 1", ("1",), (1,)),
        ("select 1;", ("1",), (1,)),
        ("SELECT 1 + 1, 2 two, NULL IS NULL", ("1 + 1", "two", "NULL IS NULL"), (2, 2, 1)),
        ("SELECT 'a, b' AS x, NULL y, -2", ("x", "y", "-2"), ("a, b", None, -2)),
        ("/* ping */ SELECT @@session.version -- who", ("@@session.version",), ("V 1",)),
        ("SELECT version(), current_user", ("version()", "current_user"), ("V 1", "app")),
        ("SELECT 1 FROM dual", ("1",), (1,)),
        ("SHOW server_version", ("server_version",), ("1",)),
        ("show variables like 'vers%'", ("Variable_name", "Value"), ("version", "V 1")),
    ],
)
def test_what_anybody_may_ask(text: str, columns: tuple[str, ...], row: tuple[str | int | None, ...]) -> None:
    found = one(text)
    assert isinstance(found, SqlRows)
    assert (found.columns, found.rows) == (columns, (row,))


def test_columns_are_named_as_postgres_does_it() -> None:
    found = one("select pg_catalog.version(), 1, current_user, 'x'::text as t", NAMED)
    assert found == SqlRows(("version", "?column?", "current_user", "t"), (("V 1", 1, "app", "x"),))


def test_a_catalogue_has_columns_and_no_rows() -> None:
    assert one("select table_name, x as y from information_schema.tables where 1=1") == SqlRows(
        ("table_name", "y"), ()
    )


@pytest.mark.parametrize(
    ("text", "table", "verb"),
    [
        ("select * from members", "members", "SELECT"),
        ('SELECT a FROM "crm"."members" m', "crm.members", "SELECT"),
        ("insert into [dbo].[x] values (1)", "dbo.x", "INSERT"),
        ("update t set a = 1", "t", "UPDATE"),
        ("drop table if exists x", "x", "DROP"),
        ("copy members to stdout", "members", "COPY"),
        ("declare c cursor with hold for select * from members", "members", "SELECT"),
        ("grant all", "", "GRANT"),
    ],
)
def test_all_else_is_refused_by_name(text: str, table: str, verb: str) -> None:
    found = one(text)
    assert isinstance(found, SqlRefused)
    assert (found.table, found.verb, found.sort) == (table, verb, "table")


def test_a_refused_select_says_what_it_was_for() -> None:
    assert one("select a, b.c as d from t", NAMED) == SqlRefused("t", "SELECT", columns=("a", "d"))
    assert one("select t.*, a from t", NAMED) == SqlRefused("t", "SELECT")


def test_a_name_that_there_is_not_is_told_by_its_sort() -> None:
    assert one("select nosuch(1)") == SqlRefused("nosuch", "SELECT", "function")
    assert one("select @@nosuch") == SqlRefused("nosuch", "SELECT", "variable")


def test_a_function_that_rows_come_from_is_no_table() -> None:
    found = one("select x from unnest(a) as t")
    assert isinstance(found, SqlRefused)
    assert not found.table.startswith("unn")


def test_aggregates_of_a_catalogue_have_a_row() -> None:
    assert one("select count(*), max(x) from pg_class") == SqlRows(("count(*)", "max(x)"), ((0, None),))
    assert one("select count(*) from pg_class group by a") == SqlRows(("count(*)",), ())
    assert one("select count(*) from (select 1) as t") == SqlRows(("count(*)",), ((1,),))
    assert one("select * from version()") == SqlRows(("version()",), (("V 1",),))


def test_show_tells_what_its_server_has() -> None:
    told = SqlRows(("g",), (("x",),))
    session = SqlSession({}, shows={"grants": told, "function status": told, "tables": told})
    for text in (
        "show grants",
        "SHOW GRANTS FOR current_user()",
        "show function status",
        "show tables from `x`",
    ):
        assert one(text, session) == told
    assert isinstance(one("show columns from t", session), SqlRefused)


def test_a_batch_goes_on_up_to_what_is_refused() -> None:
    found = list(answers("SET a = 1; set b = ';'; select 1; select * from t; select 2", SESSION))
    assert [type(answer) for answer in found] == [SqlDone, SqlDone, SqlRows, SqlRefused]
    assert list(answers("start  transaction", SESSION)) == [SqlDone("START TRANSACTION")]
    assert len(statements(";".join(["select 1"] * 500))) == MOST_STATEMENTS


@given(st.text(alphabet="selct from'\"`;,()/*-@[]1a\\\n ", max_size=400) | st.text())
def test_any_text_is_answered(text: str) -> None:
    for answer in answers(text, SESSION):
        assert isinstance(answer, SqlRows | SqlDone | SqlRefused)
        if isinstance(answer, SqlRows):
            assert all(len(row) == len(answer.columns) for row in answer.rows)
