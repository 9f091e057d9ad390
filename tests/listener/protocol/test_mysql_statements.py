"""A prepared statement is told its columns and parameters, and gives its rows in binary form."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.mysql_statements import CLOSE, EXECUTE, LONG_DATA, PREPARE, RESET, PreparedStatements
from listener.protocol.sql_answers import SqlRows

ROWS = SqlRows(("a", "b", "c"), ((7, "x", None),))
REFUSED = b"\xff\x76\x04#42000no"
DONE = b"\0\0\0\2\0\0\0"


def answered(text: str) -> Sequence[bytes] | SqlRows:
    return ROWS if text.startswith("select") else [REFUSED] if "members" in text else [DONE]


def say(
    statements: PreparedStatements, code: int, body: bytes, *, plain_end: bool = True
) -> list[bytes] | None:
    return statements.answer(code, body, answered, status=2, plain_end=plain_end)


@pytest.mark.parametrize("plain_end", [True, False])
def test_prepared_executed_closed(plain_end: bool) -> None:
    statements = PreparedStatements()
    told = say(
        statements, PREPARE, b"select a, b, '?' from dual where x = ? and y in (?, ?)", plain_end=plain_end
    )
    assert told is not None
    assert told[0] == struct.pack("<BIHHBH", 0, 1, 3, 3, 0, 0)
    assert len(told) == 1 + 3 + 3 + (0 if plain_end else 2)
    number = struct.pack("<I", 1)
    rows = say(statements, EXECUTE, number + b"\0\1\0\0\0", plain_end=plain_end)
    assert rows is not None
    assert rows[0] == b"\x03"
    # the third column is null: bit 2 + 2 of the bitmap
    assert rows[-2] == b"\0\x10" + struct.pack("<q", 7) + b"\x01x"
    assert say(statements, RESET, number) == [struct.pack("<BBBHH", 0, 0, 0, 2, 0)]
    assert say(statements, LONG_DATA, number + b"\0\0data") == []
    assert say(statements, CLOSE, number) == []
    assert say(statements, EXECUTE, number) is None


def test_what_is_refused_is_refused_when_it_is_prepared() -> None:
    statements = PreparedStatements()
    assert say(statements, PREPARE, b"update members set a = ?") == [REFUSED]
    assert say(statements, EXECUTE, struct.pack("<I", 1)) is None


def test_what_has_no_rows_has_no_columns() -> None:
    statements = PreparedStatements()
    assert say(statements, PREPARE, b"set x = 1") == [struct.pack("<BIHHBH", 0, 1, 0, 0, 0, 0)]
    assert say(statements, EXECUTE, struct.pack("<I", 1)) == [DONE]


def test_the_oldest_is_forgotten() -> None:
    statements = PreparedStatements()
    for _ in range(80):
        say(statements, PREPARE, b"select 1")
    assert not statements.text(struct.pack("<I", 1))
    assert statements.text(struct.pack("<I", 80)) == "select 1"


@given(st.sampled_from([PREPARE, EXECUTE, LONG_DATA, CLOSE, RESET]), st.binary(max_size=60))
def test_nothing_hostile_raises(code: int, body: bytes) -> None:
    statements = PreparedStatements()
    say(statements, PREPARE, body)
    say(statements, code, body)


def _prepared(text: str) -> PreparedStatements:
    statements = PreparedStatements()
    statements.answer(PREPARE, text.encode(), lambda _: [b""], status=2, plain_end=False)
    return statements


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_bound_strings_are_read_among_other_values(first: bytes, last: bytes) -> None:
    head = struct.pack("<IBIBB", 1, 0, 1, 0b0100, 1) + struct.pack("<5H", 0xFD, 3, 0xFE, 12, 0xFC)
    values = (
        bytes((len(first),)) + first + struct.pack("<i", 7) + b"\x04\0\0\0\0" + bytes((len(last),)) + last
    )
    assert _prepared("INSERT INTO t VALUES (?, ?, ?, ?, ?)").bound(head + values) == [first, last]


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=5))
def test_a_value_in_pieces_is_put_together_and_holds_for_one_execution(pieces: list[bytes]) -> None:
    statements = _prepared("INSERT INTO t VALUES (?)")
    for piece in pieces:
        statements.send(struct.pack("<IH", 1, 0) + piece)
    statements.send(struct.pack("<IH", 2, 0) + b"of another statement")
    assert statements.sent(struct.pack("<I", 1)) == [b"".join(pieces)]
    assert statements.sent(struct.pack("<I", 1)) == []


def test_values_in_pieces_are_bounded() -> None:
    statements = _prepared("INSERT INTO t VALUES (?)")
    for number in range(200):
        statements.send(struct.pack("<IH", number, 0) + bytes(10_000))
    assert (
        sum(len(value) for number in range(200) for value in statements.sent(struct.pack("<I", number)))
        <= 65_536
    )


@given(st.binary(max_size=100))
def test_no_values_raise(data: bytes) -> None:
    statements = _prepared("INSERT INTO t VALUES (?, ?)")
    statements.send(data)
    statements.sent(data)
    statements.bound(data)
