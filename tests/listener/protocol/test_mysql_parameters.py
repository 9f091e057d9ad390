"""Values that a client binds, of each type."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import mysql_auth, mysql_parameters
from listener.protocol.octets import Octets
from listener.protocol.sql_values import SqlBound, SqlParameter


@pytest.mark.parametrize(
    ("kind", "data", "value", "column"),
    [
        (0x01, b"\xff", -1, 8),
        (0x8001, b"\xff", 255, 8),
        (0x03, struct.pack("<i", -7), -7, 8),
        (0x08, struct.pack("<q", 1 << 40), 1 << 40, 8),
        (0x05, struct.pack("<d", 1.5), "1.5", 5),
        (0x04, struct.pack("<f", 2), "2", 5),
        (0xF6, b"\x042.50", "2.50", 0xF6),
        (0x0A, b"\4\xe4\7\1\2", "2020-01-02", 10),
        (0x0C, b"\7\xe4\7\1\2\3\4\5", "2020-01-02 03:04:05", 12),
        (0x07, b"\x0b\xe4\7\1\2\3\4\5\x01\0\0\0", "2020-01-02 03:04:05.000001", 12),
        (0x0B, b"\x08\1\1\0\0\0\2\3\4", "-26:03:04", 11),
        (0xFE, b"\3abc", "abc", 0xFD),
        (0xFC, b"\2\0\xff", "\0\\xff", 0xFC),
    ],
)
def test_each_type_has_its_text_and_its_column(kind: int, data: bytes, value: str | int, column: int) -> None:
    (found,) = mysql_parameters.bound(Octets(data), [kind], 0)
    assert (found.value, found.kind[0]) == (value, column)
    assert found.data is not None


def test_null_is_null_and_takes_no_bytes() -> None:
    found = mysql_parameters.bound(Octets(b"\1a"), [0xFD, 0xFD, 0x06], 0b001)
    assert [value.value for value in found] == [None, "a", None]
    assert mysql_parameters.bound(Octets(b""), [0xFD], 0, {0: b"piece"})[0].value == "piece"


def test_they_are_named_by_their_marks() -> None:
    one = SqlBound("a")
    assert mysql_parameters.named([one]) == {"?1": SqlParameter(1, given=one)}


@given(st.binary(max_size=60), st.lists(st.integers(0, 0xFFFF), max_size=6), st.integers(0, 255))
def test_nothing_hostile_raises(data: bytes, types: list[int], nulls: int) -> None:
    mysql_parameters.bound(Octets(data), types, nulls)


@given(st.integers(0, 70_000))
def test_lengths_are_read_as_they_are_written(size: int) -> None:
    data = bytes(size)
    assert mysql_auth.counted(Octets(mysql_auth.with_length(data))) == data
