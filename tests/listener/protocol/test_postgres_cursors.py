"""Cursors: held beside a server in `test_postgres_refusals`; here their bounds, and that no words raise."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.postgres_cursors import PostgresCursors, declared
from listener.protocol.sql_answers import SqlAnswer, SqlDone, SqlRefused, SqlRows


def opened(cursors: PostgresCursors, name: str, value: str = "x") -> None:
    rows = SqlRows(("a",), ((value,),))
    assert cursors.run(SqlDone("DECLARE", words=f"DECLARE {name} CURSOR FOR SELECT 1", rows=rows), 0)


def test_the_oldest_is_forgotten_where_there_are_many_or_long_ones() -> None:
    for count, size in ((70, 1), (9, 1 << 14)):
        cursors = PostgresCursors()
        for number in range(count):
            opened(cursors, f"c{number}", "x" * size)
        assert isinstance(cursors.run(SqlDone("FETCH", words="FETCH c0"), 0), SqlRefused)
        assert isinstance(cursors.run(SqlDone("FETCH", words=f"FETCH c{count - 1}"), 0), SqlRows)


def test_what_it_is_declared_for_and_whether_it_lasts() -> None:
    rows = SqlRows(("a",), ((1,),))
    for words, query, needs in (
        ("DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT 1", "SELECT 1", ""),
        ("declare c no scroll cursor for values (1)", "values (1)", "DECLARE CURSOR"),
    ):
        answers: dict[str, SqlAnswer] = {query: rows}
        assert declared(words, "DECLARE CURSOR", answers.__getitem__) == SqlDone(
            "DECLARE", only_inside=needs, rows=rows
        )
    assert declared("DECLARE c", "DECLARE CURSOR", lambda _: rows) is None


@given(words=st.text(max_size=60), way=st.sampled_from(["FETCH", "MOVE", "CLOSE"]), level=st.integers(0, 3))
def test_any_words_are_answered_or_passed_over(words: str, way: str, level: int) -> None:
    cursors = PostgresCursors()
    opened(cursors, "c")
    found = cursors.run(SqlDone(way, words=f"{way} {words}"), level)
    assert found is None or isinstance(found, SqlRows | SqlDone | SqlRefused)
    cursors.described(f"{way} {words}")
