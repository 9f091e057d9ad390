"""Columns, rows and parameters on the wire, byte by byte."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import postgres_values
from listener.protocol.octets import Octets
from listener.protocol.sql_answers import SqlRows
from listener.protocol.sql_values import SqlBound, SqlMoment, SqlParameter, SqlTruth, SqlValue

FOUND = SqlRows(("n", "t"), ((1, "ab"), (2, None)))
MOMENT = SqlMoment("2000-01-01 00:00:01+00", 946_684_801_000_000)
CELLS = (
    st.none()
    | st.integers(-(10**9), 10**9)
    | st.text(max_size=300)
    | st.builds(SqlParameter, st.integers(0, 9))
)


def row(value: SqlValue, bound: tuple[bytes, bool] | None = None, *, binary: bool = False) -> bytes:
    found = SqlRows(("v",), ((value,),))
    (body,) = postgres_values.rows(found, [int(binary)], [bound], [25])
    return body[6:]


def test_texts_and_on_demand_binary_integers_and_moments() -> None:
    assert postgres_values.description(FOUND) == (
        b"\0\x02n\0"
        + struct.pack(">IHIhih", 0, 0, 23, 4, -1, 0)
        + b"t\0"
        + struct.pack(">IHIhih", 0, 0, 25, -1, -1, 0)
    )
    first, second = postgres_values.rows(FOUND)
    assert first == b"\0\x02\0\0\0\x01" + b"1" + b"\0\0\0\x02ab"
    assert second == b"\0\x02\0\0\0\x01" + b"2" + b"\xff\xff\xff\xff"
    assert next(postgres_values.rows(FOUND, [1])) == b"\0\x02\0\0\0\x04\0\0\0\x01\0\0\0\x02ab"
    assert postgres_values.description(FOUND, (), [1]).count(struct.pack(">ih", -1, 1)) == 2
    assert postgres_values.description(FOUND, (), [0, 1]).endswith(struct.pack(">ih", -1, 1))
    assert row(MOMENT) == b"2000-01-01 00:00:01+00"
    assert row(MOMENT, binary=True) == struct.pack(">q", 1_000_000)
    assert struct.pack(">I", 1184) in postgres_values.description(SqlRows(("now",), ((MOMENT,),)))


def test_what_was_bound_comes_back_in_the_form_that_is_wanted() -> None:
    number = SqlParameter(1, "int")
    assert row(number, (b"42", False)) == b"42"
    assert row(number, (b"42", False), binary=True) == b"\0\0\0\x2a"
    assert row(number, (b"\0\x2a", True)) == b"42"
    assert row(number, (b"\0\x2a", True), binary=True) == b"\0\0\0\x2a"
    assert row(SqlParameter(1), (b"x", True), binary=True) == b"x"
    assert row(SqlParameter(1)) == row(SqlParameter(9), (b"x", False)) == b""


def test_a_truth_is_one_for_drivers() -> None:
    found = SqlRows(("?column?",), ((SqlTruth("t"),),))
    assert struct.pack(">IHIh", 0, 0, 16, 1) in postgres_values.description(found)
    assert list(postgres_values.rows(found)) == [b"\0\1\0\0\0\1t"]
    assert list(postgres_values.rows(found, [1])) == [b"\0\1\0\0\0\1\1"]


@pytest.mark.parametrize(
    ("kind", "data", "binary", "text"),
    [
        (23, b"\0\0\0\7", True, "7"),
        (21, b"7", False, "7"),
        (701, struct.pack(">d", 1.5), True, "1.5"),
        (16, b"\1", True, "t"),
        (1082, struct.pack(">i", 1), True, "2000-01-02"),
        (1114, struct.pack(">q", 1_500_000), True, "2000-01-01 00:00:01.5"),
        (1184, struct.pack(">q", 1_000_000), True, "2000-01-01 00:00:01+00"),
        (1114, struct.pack(">q", (1 << 63) - 1), True, "infinity"),
        (25, b"caf\xc3\xa9", False, "caf\xe9"),
    ],
)
def test_what_was_bound_is_shown_as_text(kind: int, data: bytes, binary: bool, text: str) -> None:
    assert postgres_values.shown([(data, binary), None], [kind]) == [text, None]
    named = postgres_values.given([None, (data, binary)], [25, kind])
    assert named["$1"].given == SqlBound(None)
    assert str(named["$2"].given and named["$2"].given.value) == text


@given(st.binary(max_size=12), st.booleans(), st.integers(0, 2000))
def test_any_value_can_be_shown(data: bytes, binary: bool, kind: int) -> None:
    assert len(postgres_values.shown([(data, binary)], [kind])) == 1


def test_parameters_are_counted_and_typed_by_the_client_their_casts_or_as_text() -> None:
    text = "SELECT '$9' -- $8\n, $2::VARCHAR, $1::pg_catalog.int8, $3 /* $7 */ WHERE a = $2"
    assert postgres_values.parameter_types(text, [], 256) == [20, 1043, 25]
    assert postgres_values.parameter_types(text, [23, 0], 256) == [23, 1043, 25]
    assert postgres_values.parameter_types("SELECT $99999", [], 256) == []
    assert postgres_values.parameter_description([20, 25]) == b"\0\x02\0\0\0\x14\0\0\0\x19"


def test_a_bind_shows_values_with_their_forms_and_the_formats_wanted() -> None:
    body = b"\0\0" + b"\0\0" + b"\0\x01" + b"\0\0\0\x02hi" + b"\0\x01\0\x01"
    assert postgres_values.bound(Octets(body, "big"), 8, 100) == ([(b"hi", False)], [1])
    one = b"\0\0" + b"\0\x01\0\x01" + b"\0\x02" + b"\0\0\0\x02hi" + b"\xff" * 4 + b"\0\0"
    assert postgres_values.bound(Octets(one, "big"), 8, 100) == ([(b"hi", True), None], [])
    two = b"\0\0" + b"\0\x02\0\0\0\x01" + b"\0\x02" + b"\0\0\0\x01a\0\0\0\x01b" + b"\0\0"
    assert postgres_values.bound(Octets(two, "big"), 8, 100)[0] == [(b"a", False), (b"b", True)]


@given(st.lists(st.tuples(CELLS, CELLS), max_size=4), st.lists(st.integers(0, 1), max_size=2))
def test_any_result_can_be_sent(cells: list[tuple[SqlValue, SqlValue]], formats: list[int]) -> None:
    found = SqlRows(("a", "b"), tuple(cells))
    assert postgres_values.description(found)
    assert len(
        list(postgres_values.rows(found, formats if len(formats) != 1 else [0], [(b"1", False)]))
    ) == len(cells)


@given(st.text(alphabet="$123'\"-/*:int ", max_size=80))
def test_parameters_of_any_text_are_bounded(text: str) -> None:
    assert len(postgres_values.parameter_types(text, [], 4)) <= 4
