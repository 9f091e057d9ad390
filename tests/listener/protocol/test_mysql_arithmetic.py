"""Numbers, texts and NULL under MySQL's operators."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.mysql_arithmetic import (
    cast,
    computed,
    is_like,
    order_of,
    same,
    truth_of,
    unquoted,
)
from listener.protocol.mysql_functions import MysqlCallError, MysqlValue


@pytest.mark.parametrize(
    ("sign", "one", "other", "value"),
    [
        ("+", 1, 2, 3), ("+", "a", 1, 1.0), ("-", Decimal("1.5"), 1, Decimal("0.5")), ("*", "5", 2, 10.0),
        ("/", 7, 2, Decimal("3.5000")), ("/", 1, 0, None), ("DIV", -7, 2, -3), ("%", -7, 4, -3), ("MOD", 7, 0, None),
        ("&", 5, 3, 1), ("|", 5, 3, 7), ("^", 5, 1, 4), ("<<", 1, 3, 8), ("<<", 1, 99, 0), (">>", 8, 1, 4),
        ("+", 1, None, None),
    ],
)  # fmt: skip
def test_operators(sign: str, one: MysqlValue, other: MysqlValue, value: MysqlValue) -> None:
    assert computed(sign, one, other) == value


def test_what_is_out_of_range_is_refused() -> None:
    with pytest.raises(MysqlCallError, match="BIGINT value is out of range"):
        computed("+", (1 << 63) - 1, 1)


def test_comparisons_know_no_case_and_no_null() -> None:
    assert (order_of("a", "B"), order_of(2, "1"), order_of(None, 1)) == (-1, 1, None)
    assert (same("a", "A"), same("1", 1), same(None, None)) == (1, 1, None)
    assert (truth_of("a"), truth_of("1a"), truth_of(None)) == (0, 1, None)


@pytest.mark.parametrize(
    ("text", "pattern", "fits"),
    [("abc", "A%", True), ("abc", "b%", False), ("abc", "_b_", True), ("abc", "%", True), ("", "%", True),
     ("abc", "a%c%", True), ("a" * 500, "%a" * 200 + "b", False), ("abc", "%bc", True), ("aba", "ab%ba", False),
     ("abc", "ab", False), ("axbxc", "a%_%c", True), ("a.c", "a.c", True), ("abc", "a.c", False), ("", "", True),
     ("a%b", r"a\%b", True), ("axb", r"a\%b", False), ("axb", r"a\_b", False), ("a\\", "a\\", True), ("a", "", False)],
)  # fmt: skip
def test_like(text: str, pattern: str, fits: bool) -> None:
    assert is_like(text, pattern) is fits


def test_literals_and_casts() -> None:
    assert [unquoted(text) for text in ("'a''b'", '"a\\nb"', "N'x'", "_utf8 'y'")] == [
        "a'b",
        "a\nb",
        "x",
        "y",
    ]
    assert (cast("12abc", "signed"), cast(5, "char"), cast("1.5", "decimal")) == (12, "5", Decimal(2))
    assert cast("2020-01-02 03:04:05", "date") == "2020-01-02"


def fits(value: str, pattern: str) -> bool:
    """LIKE as it is defined: by trying."""
    if not pattern:
        return not value
    if pattern[0] == "%":
        return any(fits(value[at:], pattern[1:]) for at in range(len(value) + 1))
    return bool(value) and pattern[0] in ("_", value[0]) and fits(value[1:], pattern[1:])


@given(st.text(alphabet="ab", max_size=8), st.text(alphabet="ab_%", max_size=8))
def test_like_is_what_trying_everything_finds(value: str, pattern: str) -> None:
    assert is_like(value, pattern) is fits(value, pattern)


def test_signs_of_a_pattern_stay_escaped_in_a_literal() -> None:
    assert unquoted(r"'a\%b\_c\n'") == "a\\%b\\_c\n"
