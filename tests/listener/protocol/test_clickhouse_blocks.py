"""A result in blocks, byte by byte; real clients read it in `tests.listener.traps.test_clickhouse`."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.clickhouse_blocks import END_OF_STREAM, number, result, string
from listener.protocol.sql_answers import SqlRows
from listener.protocol.sql_values import SqlValue

HEAD = b"\1\0" + b"\1\0\2\xff\xff\xff\xff\0"


@pytest.mark.parametrize(
    ("value", "kind", "cell"),
    [
        (7, "UInt8", b"\7"),
        (-1, "Int64", struct.pack("<q", -1)),
        (300, "Int64", struct.pack("<q", 300)),
        ("ab", "String", b"\2ab"),
        (None, "Nullable(Nothing)", b"\x010"),
    ],
)
def test_each_value_has_its_type(value: SqlValue, kind: str, cell: bytes) -> None:
    column = string("a") + string(kind)
    said = result(SqlRows(("a",), ((value,),)))
    assert said == HEAD + b"\1\0" + column + HEAD + b"\1\1" + column + cell + END_OF_STREAM


def test_a_result_without_rows_is_its_head() -> None:
    assert result(SqlRows(("a",), ())) == HEAD + b"\1\0" + string("a") + string("String") + END_OF_STREAM


@given(st.integers(0, 1 << 40))
def test_a_number_is_leb128(value: int) -> None:
    said = number(value)
    assert sum((byte & 0x7F) << 7 * at for at, byte in enumerate(said)) == value
    assert [byte >> 7 for byte in said] == [1] * (len(said) - 1) + [0]
