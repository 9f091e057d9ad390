"""Queries of known rows: narrowed, ordered and named as asked, or left alone."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.sql_answers import SqlRows, SqlSession
from listener.protocol.sql_effort import SqlTooMuchError
from listener.protocol.sql_listing import Row, SqlLists, answer
from listener.protocol.sql_values import SqlBound, SqlParameter, SqlValue
from tests.every import every

_BOATS: tuple[Row, ...] = (
    {"id": 1, "name": "Gull", "port": "Hull"},
    {"id": 2, "name": "Tern", "port": None},
    {"id": 3, "name": "Auk", "port": "Hull"},
)


def _special(expression: str, row: Row) -> SqlValue | None:
    return f"{row['name']}!" if expression == "casenameend" else None


LISTS = SqlLists(
    "postgres",
    {"boats": _BOATS},
    {("boats", "fleets"): {"fleet": "north"}},
    {"twice": lambda value: f"{value}{value}"},
    SqlSession({"current_user": "Tern", "$1": SqlParameter(1, given=SqlBound("Auk"))}),
    _special,
)


@every(
    "asked",
    [
        ("SELECT name FROM boats", ("Gull", "Tern", "Auk")),
        ("select b.name from harbour.boats as b where b.id > 1 order by 1", ("Auk", "Tern")),
        ("SELECT name FROM boats ORDER BY name DESC LIMIT 2", ("Tern", "Gull")),
        ("SELECT name FROM boats ORDER BY name LIMIT 1 OFFSET 1", ("Gull",)),
        ("SELECT name FROM boats ORDER BY name OFFSET 2 ROWS", ("Tern",)),
        ("SELECT name FROM boats WHERE name LIKE 'g%'", ()),
        ("SELECT name FROM boats WHERE name NOT IN ( 'Auk' , 'Tern' )", ("Gull",)),
        ("SELECT DISTINCT port FROM boats", ("Hull", None)),
        ("SELECT port FROM boats ORDER BY 1 LIMIT 3", ("Hull", "Hull", None)),
        ("SELECT name FROM boats WHERE name LIKE '%u%'", ("Gull", "Auk")),
        ("SELECT name FROM boats WHERE name NOT LIKE '_u__'", ("Tern", "Auk")),
        ("SELECT name FROM boats WHERE name IN ('Auk', 'Tern') AND id = 2", ("Tern",)),
        ("SELECT name FROM boats WHERE port IS NULL", ("Tern",)),
        ("SELECT twice(name) FROM boats WHERE id = 3", ("AukAuk",)),
        ("SELECT CASE name END FROM boats WHERE id = 3", ("Auk!",)),
        ("SELECT f.fleet FROM boats b LEFT JOIN fleets f ON f.id = b.id", ("north",) * 3),
        ("SELECT name FROM boats WHERE name = $1", ("Auk",)),
        ("SELECT id FROM boats WHERE name = current_user", (2,)),
        ("SELECT count(*) FROM boats", (3,)),
        ("SELECT name FROM boats WHERE name = 'x''; SELECT (' AND id = 1", ()),
    ],
    lambda asked: str(asked[0]),
)
def test_one_column(asked: tuple[str, tuple[SqlValue, ...]]) -> None:
    statement, wanted = asked
    found = answer(statement, LISTS)
    assert found is not None
    assert tuple(row[0] for row in found.rows) == wanted


def test_columns_are_named_as_the_server_does() -> None:
    found = answer(
        'SELECT name AS "The Name", id number, twice(name), b.port, * FROM boats b WHERE id = 1', LISTS
    )
    assert found == SqlRows(
        ("The Name", "number", "twice", "port", "id", "name", "port"),
        (("Gull", 1, "GullGull", "Hull", 1, "Gull", "Hull"),),
    )


@every(
    "statement",
    [
        "SELECT name FROM members",
        "SELECT nosuch FROM boats",
        "SELECT name FROM boats, boats",
        "SELECT name FROM boats JOIN harbours h ON h.id = 1",
        "SELECT name FROM boats GROUP BY name",
        "SELECT name FROM boats WHERE name ~ '(a+)+$'",
        "SELECT name FROM boats WHERE id IN (SELECT 1)",
        "SELECT name FROM (SELECT * FROM boats) b",
        "DELETE FROM boats",
        "SELECT FROM boats",
        f"SELECT name FROM boats WHERE name = '{'x' * 2_000}'",
    ],
)
def test_what_is_beyond_the_grammar_is_left(statement: str) -> None:
    assert answer(statement, LISTS) is None


def test_what_costs_too_much_is_not_answered() -> None:
    """Columns and rows multiply; what a batch may cost is that of all its statements."""
    statement = f"SELECT {', '.join(['twice(id)'] * 150)} FROM boats"
    lists = replace(LISTS, session=SqlSession({}))
    assert answer(statement, lists) is not None
    answers = (answer(statement, lists) for _ in range(100))
    with pytest.raises(SqlTooMuchError):
        list(answers)


@every(
    "condition",
    [
        "name in (" + "'a' " * 300 + "x",
        "name in (" + "'a'," * 300 + "x",
        "name in ('a' " * 150,
        f"name like '{'%a' * 400}b'",
    ],
    lambda condition: str(condition[:20]),
)
def test_no_condition_costs_much(condition: str) -> None:
    """Of what somebody writes and of a name that they chose as well."""
    long = SqlLists("postgres", {"boats": [{"name": "a" * 5_000}] * 14})
    began = time.thread_time()
    answer(f"SELECT name FROM boats WHERE {condition}", long)
    assert time.thread_time() - began < 2


_WORDS = st.sampled_from(
    ["select", "name", "from", "boats", "where", "and", "or", "like", "in", "('a',", "'a')", "(", ")", "'", "order by",
     "1", "limit", "offset", "1 rows", "top 1", "b.", "*", ",", "case", "end", "join", "on", "count(*)",
     "::text", "=", "twice("]
)  # fmt: skip


@given(st.lists(_WORDS, max_size=40).map(" ".join) | st.text(max_size=200))
def test_any_text_is_answered_or_left(text: str) -> None:
    lists = replace(LISTS, session=SqlSession({}))
    for statement in (text, f"SELECT {text} FROM boats", f"SELECT name FROM boats WHERE {text}"):
        found = answer(statement, lists)
        assert found is None or all(len(row) == len(found.columns) for row in found.rows)
