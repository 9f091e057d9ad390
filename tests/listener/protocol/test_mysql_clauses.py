"""Clauses of a SELECT."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.mysql_clauses import clauses_of, closing, inside


def test_clauses_are_cut_outside_of_quotes_and_brackets() -> None:
    found = clauses_of("SELECT 'from', (SELECT 1 FROM x) FROM t WHERE a = 'where' LIMIT 1")
    assert found == [("", ""), ("SELECT", " 'from', (SELECT 1 FROM x) "), ("FROM", " t "), ("WHERE", " a = 'where' "),
                     ("LIMIT", " 1")]  # fmt: skip


def test_brackets_around_all_of_it_are_left_out() -> None:
    assert inside(" ((SELECT 1)) ") == "SELECT 1"
    assert inside("(1) + (2)") == "(1) + (2)"
    assert (closing("(a(b)')')", 0), closing("(a", 0)) == (8, -1)


@given(st.text(alphabet="()'\" SELECTFROM", max_size=80))
def test_any_text_can_be_cut(text: str) -> None:
    assert clauses_of(text)[0][0] == ""
    inside(text)
