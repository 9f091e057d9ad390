"""Where a parser stops."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.sql_syntax import SqlGrammar, SyntaxFault, fault

GRAMMAR = SqlGrammar(
    {"select": frozenset(), "insert": frozenset({"into"}), "commit": frozenset()}, frozenset({"commit"})
)


@pytest.mark.parametrize(
    "text",
    ["", " ;; ", "SELECT a = on", "SELECT 1 AS set", "SELECT ?", "INSERT INTO t VALUES (?)",
     "SELECT a = ?", "SELECT 1", "select 'a;b', \"c\" -- '", "SELECT /* ' */ 1; COMMIT", "SELECT $$ ' $$",
     "SELECT count(*) FROM t",
     "INSERT INTO t VALUES (1)", "SELECT $1, :a, @b", "(SELECT 1)", "SELECT E'\\'' "],
)  # fmt: skip
def test_what_may_be_right_is_taken_for_right(text: str) -> None:
    assert fault(text, GRAMMAR) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SELEC 1", SyntaxFault(0, "SELEC")),
        ("COMMIT; foo", SyntaxFault(8, "foo")),
        ("SELECT 1 FROM", SyntaxFault(13, "")),
        ("SELECT 1 FROM;", SyntaxFault(13, ";")),
        ("SELECT (1", SyntaxFault(9, "")),
        ("SELECT 1)", SyntaxFault(8, ")")),
        ("INSERT t", SyntaxFault(7, "t")),
        ("SELECT 1 1", SyntaxFault(9, "1")),
        ("SELECT * FROM WHERE", SyntaxFault(14, "WHERE")),
        ("select", SyntaxFault(6, "")),
        ("SELECT 'a", SyntaxFault(7, "'a", "string")),
        ("SELECT /* a", SyntaxFault(7, "/* a", "comment")),
    ],
)
def test_where_it_stops(text: str, found: SyntaxFault) -> None:
    assert fault(text, GRAMMAR) == found


@given(text=st.text(alphabet="sSeElLcCtT 1'\"`;()$-*/\\\n", max_size=300))
def test_any_text_has_a_fault_within_it_or_none(text: str) -> None:
    found = fault(text, GRAMMAR)
    assert found is None or (0 <= found.at <= len(text) and text.startswith(found.token, found.at))
