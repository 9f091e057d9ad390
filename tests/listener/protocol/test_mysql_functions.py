"""Functions of MySQL, with what its manual gives for them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.mysql_functions import FUNCTIONS, WITH_NULLS, MysqlCallError, MysqlValue, called


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        ("concat", ("a", 1, "b"), "a1b"), ("concat", ("a", None), None), ("concat_ws", ("-", "a", None, "b"), "a-b"),
        ("substring", ("abcdef", 2, 3), "bcd"), ("substr", ("abcdef", -2), "ef"), ("left", ("abc", 2), "ab"),
        ("right", ("abc", 2), "bc"), ("lpad", ("a", 3, "xy"), "xya"), ("rpad", ("abc", 2, "x"), "ab"),
        ("locate", ("c", "abcabc", 4), 6), ("instr", ("abc", "B"), 2), ("strcmp", ("a", "b"), -1),
        ("ascii", ("a",), 97),
        ("hex", ("abc",), "616263"), ("hex", (255,), "FF"), ("unhex", ("616263",), "abc"), ("unhex", ("x",), None),
        ("md5", ("a",), "0cc175b9c0f1b6a831c399e269772661"), ("crc32", ("a",), 3904355907), ("sha2", ("a", 1), None),
        ("to_base64", ("abc",), "YWJj"), ("from_base64", ("YWJj",), "abc"), ("from_base64", ("!",), None),
        ("abs", (-1,), 1), ("round", (Decimal("1.55"), 1), Decimal("1.6")), ("round", (2,), 2), ("mod", (-7, 4), -3),
        ("pow", (-8, "0.5"), None), ("greatest", (1, 3, 2), 3), ("least", (1, 3, 2), 1), ("interval", (3, 1, 5), 1),
        ("inet_aton", ("1.2.3.4",), 16909060), ("inet_ntoa", (16909060,), "1.2.3.4"), ("inet_aton", ("x",), None),
        ("year", ("2020-01-02",), 2020), ("year", ("x",), None), ("date", ("2020-01-02 03:04:05",), "2020-01-02"),
        ("if", (None, 1, 2), 2), ("ifnull", (None, "x"), "x"), ("nullif", (1, 1), None), ("coalesce", (None, 2), 2),
        ("json_object", ("a", 1), '{"a": 1}'), ("load_file", ("/etc/passwd",), None), ("isnull", (None,), 1),
    ],
)  # fmt: skip
def test_what_they_give(name: str, arguments: tuple[MysqlValue, ...], value: MysqlValue) -> None:
    assert called(name, arguments) == value


def test_calls_that_are_refused() -> None:
    with pytest.raises(
        MysqlCallError, match="Incorrect parameter count in the call to native function 'md5'"
    ):
        called("md5", ())
    with pytest.raises(MysqlCallError, match="XPATH syntax error: '~x'"):
        called("updatexml", (1, "~x", 1))
    with pytest.raises(KeyError):
        called("nosuch", ())


@pytest.mark.parametrize(
    "name", ["hex", "quote", "to_base64", "json_object", "group_concat", "replace", "rpad", "concat"]
)
def test_no_tower_of_calls_makes_a_text_without_end(name: str) -> None:
    many = "'\\" * (1 << 15)
    arguments: dict[str, list[MysqlValue]] = {
        "json_object": ["a"], "replace": ["'", many], "rpad": [1 << 30, many], "group_concat": [many] * 60,
        "concat": [many] * 60,
    }  # fmt: skip
    value: MysqlValue = many
    for _ in range(20):
        first = [*arguments[name], value] if name == "json_object" else [value, *arguments.get(name, [])]
        value = called(name, first)
    assert len(str(value)) == 1 << 16


def test_numbers_of_two_sorts_have_a_rest() -> None:
    assert called("mod", (Decimal("1.5"), 1.0)) == 0.5


@given(st.sampled_from(sorted({**FUNCTIONS, **WITH_NULLS})),
       st.lists(st.none() | st.integers(-(1 << 64), 1 << 64) | st.text(max_size=30), max_size=4))  # fmt: skip
def test_any_call_gives_a_bounded_value_or_is_refused(name: str, arguments: list[MysqlValue]) -> None:
    try:
        value = called(name, arguments)
    except (MysqlCallError, ValueError, ArithmeticError):
        return
    assert value is None or len(str(value)) < 1 << 18
