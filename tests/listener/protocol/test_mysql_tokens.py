"""Tokens of expressions, and comments that only MySQL has."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.mysql_tokens import MysqlTokens, without_comments


def test_each_token_has_its_sort() -> None:
    found = MysqlTokens("0x41 'a''b' 1.5e3 ? @@x.y <=> (")
    assert [kind for kind, _ in found.tokens] == [
        "hex",
        "text",
        "number",
        "parameter",
        "name",
        "sign",
        "sign",
    ]


def test_they_are_taken_one_by_one() -> None:
    found = MysqlTokens("a OR")
    assert found.sees("OR") == ""
    assert found.take() == ("name", "a")
    assert found.sees("or".upper()) == "OR"
    assert (found.left, found.next_sort()) == (0, "")
    with pytest.raises(ValueError, match="end"):
        found.take()
    with pytest.raises(ValueError, match="no \\)"):
        found.must(")")


@pytest.mark.parametrize(
    ("text", "left"),
    [("SELECT 1 # x", "SELECT 1 "), ("SELECT '#' # y", "SELECT '#' "), ('SELECT "#"', 'SELECT "#"'),
     ("SELECT 1 # a\n+ 1", "SELECT 1 \n+ 1"), ("SELECT /* # */ 1", "SELECT /* # */ 1")],
)  # fmt: skip
def test_a_hash_begins_a_comment_outside_of_quotes(text: str, left: str) -> None:
    assert without_comments(text) == left


@given(st.text(max_size=80))
def test_any_text_is_tokens_or_a_value_error(text: str) -> None:
    without_comments(text)
    with contextlib.suppress(ValueError):
        MysqlTokens(text)


def test_comments_that_are_not_closed_cost_no_square() -> None:
    text = "/* " * 300_000 + "#"
    assert without_comments(text) == text
