"""Hostile text is made visible and inert."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core import text


@given(st.text())
def test_nothing_invisible_is_left(value: str) -> None:
    shown = text.visible(value)
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in shown)


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("a\x1b[31mred", "a\\x1b[31mred"),
        ("evil\u202egnp.exe", "evil\\u202egnp.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("two\r\nlines", "two\\x0d\\x0alines"),
        ("\U000e0041", "\\U000e0041"),
        ("naïve 日本", "naïve 日本"),
    ],
)
def test_known_tricks_are_spelled_out(hostile: str, shown: str) -> None:
    assert text.visible(hostile) == shown


def test_a_limit_says_how_much_is_missing() -> None:
    assert text.visible("x" * 12, limit=10) == "xxxxxxxxxx… (2 more)"


@given(st.text(min_size=1))
def test_no_cell_is_taken_for_a_formula(value: str) -> None:
    assert not text.cell(value).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0"))


def test_a_formula_is_quoted_not_dropped() -> None:
    assert text.cell("=cmd|'/c calc'!A1") == "'=cmd|'/c calc'!A1"


@given(st.binary())
def test_any_bytes_become_text_that_json_can_hold(raw: bytes) -> None:
    text.decoded(raw).encode("utf-8")


def test_one_is_not_many() -> None:
    assert [text.counted(number, "hit") for number in (0, 1, 2)] == ["0 hits", "1 hit", "2 hits"]
    assert [text.counted(number, "entry", "entries") for number in (1, 2)] == ["1 entry", "2 entries"]


def test_clip_marks_what_it_cut() -> None:
    assert text.clip("abcdef", 4) == "abc…"
    assert text.clip("abc", 4) == "abc"
