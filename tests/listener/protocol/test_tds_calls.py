"""Calls of procedures, and the statements that they run."""

from __future__ import annotations

import contextlib
import struct

from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import tds_calls
from listener.protocol.sql_values import SqlBound
from listener.protocol.tds_calls import TdsCall, TdsParameter, TdsStatements


def parameter(value: str | int | None, name: str = "") -> TdsParameter:
    return TdsParameter(name, False, SqlBound(value))


def test_calls_of_one_message_are_told_apart() -> None:
    one = b"\xff\xff\x0a\0\0\0" + b"\2@\0a\0\1\x26\4\0"
    two = struct.pack("<H", 2) + b"f\0g\0" + bytes(2)
    first, second = tds_calls.calls(one + b"\xff" + two)
    assert (first.procedure, first.number) == ("sp_executesql", 10)
    assert first.parameters == [TdsParameter("@a", True, SqlBound(None, b"\x26\4", b"\0"))]
    assert second == TdsCall("fg", [])


def test_a_procedure_is_known_by_its_name_too() -> None:
    assert TdsCall("sys.SP_ExecuteSQL", []).number == 10


def test_a_statement_is_bound_by_name_or_place() -> None:
    call = TdsCall("sp_executesql", [parameter("select @a, @b"), parameter("@b int, @a int"),
                                     parameter(None), parameter(7, "@A")])  # fmt: skip
    statement = TdsStatements().statement(call)
    assert statement is not None
    assert statement.text == "select @a, @b"
    assert {name: one.given.value for name, one in statement.bound if one.given} == {"@b": None, "@a": 7}
    assert tds_calls.shown(call, statement)["parameters"] == [None, "7"]


def test_prepared_executed_forgotten() -> None:
    statements = TdsStatements()
    prepared = statements.statement(
        TdsCall("sp_prepare", [parameter(None), parameter("@a int"), parameter("x"), parameter(1)])
    )
    assert prepared is not None
    assert (prepared.handle, prepared.runs) == (1, False)
    executed = statements.statement(TdsCall("sp_execute", [parameter(1), parameter("v")]))
    assert executed is not None
    assert (executed.text, executed.runs, [name for name, _ in executed.bound]) == ("x", True, ["@a"])
    forgotten = statements.statement(TdsCall("sp_unprepare", [parameter(1)]))
    assert forgotten is not None
    assert not forgotten.runs
    assert statements.statement(TdsCall("sp_execute", [parameter(1)])) is None
    assert statements.statement(TdsCall("sp_help", [])) is None


def test_values_that_were_not_declared_are_told_too() -> None:
    call = TdsCall("sp_executesql", [parameter("SELECT 1"), parameter(None), parameter("lost"), parameter(7)])
    assert tds_calls.shown(call, TdsStatements().statement(call))["parameters"] == ["lost", "7"]


def test_what_is_kept_is_bounded() -> None:
    statements = TdsStatements()
    for _ in range(300):
        statements.statement(TdsCall("sp_prepare", [parameter(None), parameter(""), parameter("x")]))
    assert statements.statement(TdsCall("sp_execute", [parameter(1)])) is None
    assert statements.statement(TdsCall("sp_execute", [parameter(300)])) is not None


@given(st.binary(max_size=200))
def test_rubbish_is_calls_or_a_value_error(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        tds_calls.calls(data)
