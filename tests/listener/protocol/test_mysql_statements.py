"""A prepared statement is told its columns and parameters, and gives its rows in binary form."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import mysql_auth
from listener.protocol.mysql_statements import CLOSE, EXECUTE, LONG_DATA, PREPARE, RESET, PreparedStatements
from listener.protocol.sql_answers import SqlRows
from listener.protocol.sql_values import SqlBound, SqlParameter

ROWS = SqlRows(("a", "b", "c"), ((7, "x", None),))
REFUSED = b"\xff\x76\x04#42000no"
DONE = b"\0\0\0\2\0\0\0"


def answered(text: str, bound: Mapping[str, SqlParameter]) -> Sequence[bytes] | SqlRows:
    if text.startswith("echo"):
        return SqlRows(("?",), ((bound.get("?1", SqlParameter(1)),),))
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
    statements.answer(PREPARE, text.encode(), lambda _, __: [b""], status=2, plain_end=False)
    return statements


def texts(values: Sequence[SqlBound]) -> list[str | int | None]:
    return [value.value for value in values]


def executed(values: bytes, *types: int, nulls: int = 0) -> bytes:
    told = b"\1" + struct.pack(f"<{len(types)}H", *types) if types else b"\0"
    return struct.pack("<IBIB", 1, 0, 1, nulls) + told + values


@given(st.text(max_size=60), st.text(max_size=60))
def test_bound_values_are_read_among_others_and_null_is_null(first: str, last: str) -> None:
    one, two = (mysql_auth.with_length(text.encode()) for text in (first, last))
    body = executed(
        one + struct.pack("<i", 7) + b"\x04\xe4\x07\x01\x02" + two, 0xFD, 3, 0xFE, 12, 0xFC, nulls=0b00100
    )
    found = _prepared("INSERT INTO t VALUES (?, ?, ?, ?, ?)").bound(body)
    assert texts(found) == [first, 7, None, "2020-01-02 00:00:00", last]


def test_types_hold_until_others_come() -> None:
    statements = _prepared("SELECT ?")
    assert texts(statements.bound(executed(b"\1a", 0xFD))) == ["a"]
    assert texts(statements.bound(executed(b"\1b"))) == ["b"]
    assert texts(statements.bound(executed(b"", nulls=1))) == [None]
    assert texts(statements.bound(executed(b"\7", 1))) == [7]


def test_what_was_bound_is_returned() -> None:
    statements = PreparedStatements()
    assert say(statements, PREPARE, b"echo ?") is not None
    values = statements.bound(executed(struct.pack("<d", 1.5), 5))
    rows = statements.answer(EXECUTE, b"\1\0\0\0", answered, status=2, plain_end=True, values=values)
    assert rows is not None
    assert rows[1][-6] == 5  # MYSQL_TYPE_DOUBLE
    assert rows[2] == b"\0\0" + struct.pack("<d", 1.5)
    values = statements.bound(executed(b"", 0xFD, nulls=1))
    rows = statements.answer(EXECUTE, b"\1\0\0\0", answered, status=2, plain_end=True, values=values)
    assert rows is not None
    assert rows[2] == b"\0\4"


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=5))
def test_a_value_in_pieces_is_put_together_and_holds_for_one_execution(pieces: list[bytes]) -> None:
    statements = _prepared("INSERT INTO t VALUES (?, ?)")
    for piece in pieces:
        statements.send(struct.pack("<IH", 1, 0) + piece)
    statements.send(struct.pack("<IH", 2, 0) + b"of another statement")
    whole = b"".join(pieces).decode("utf-8", "backslashreplace")
    assert texts(statements.bound(executed(b"\1b", 0xFC, 0xFD))) == [whole, "b"]
    assert texts(statements.bound(executed(b"\1a\1b", 0xFC, 0xFD))) == ["a", "b"]


def test_values_of_a_refused_statement_are_kept_of_a_client_that_did_not_wait() -> None:
    statements = PreparedStatements()
    for number, piece in ((1, b"of the second"), (0, b"of the "), (0, b"first")):
        statements.send(struct.pack("<IH", 1, number) + piece)
    assert texts(statements.bound(executed(b"", 0xFD, 0xFD))) == ["of the first", "of the second"]
    assert statements.bound(executed(b"", 0xFD)) == []


def test_values_in_pieces_are_bounded() -> None:
    statements = _prepared(f"INSERT INTO t VALUES ({', '.join(['?'] * 8)})")
    for number in range(200):
        statements.send(struct.pack("<IH", 1, number) + bytes(10_000))
    found = statements.bound(executed(b"", *[0xFC] * 8))
    assert len(found) == 8
    assert sum(len(str(value.value)) for value in found) <= 65_536


@given(st.binary(max_size=100))
def test_no_values_raise(data: bytes) -> None:
    statements = _prepared("INSERT INTO t VALUES (?, ?)")
    statements.send(data)
    statements.bound(data)
