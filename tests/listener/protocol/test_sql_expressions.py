"""Sums, comparisons, casts and calls have their server's value; what is not known is told by its sort and name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.sql_expressions import SqlUnknownError, evaluated
from listener.protocol.sql_values import SqlBound, SqlParameter, SqlValue

VALUES = {"version()": "V 1", "@@version": "V 1", "current_user": "app", "search_path": "public"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 1", 2),
        ("1+1*3-(2-4)", 6),
        ("-7 / 2", -3),
        ("-7 % 2", -1),
        ("- - 3", 3),
        ("'it''s'", "it's"),
        ("'a' || 'b' || 1", "ab1"),
        ("NULL + 1", None),
        ("1 = 1", "t"),
        ("2 <= 1", "f"),
        ("NOT 1 = 2 AND 'a' < 'b' OR FALSE", "t"),
        ("version() IS NOT NULL", "t"),
        ("NULL IS NULL", "t"),
        ("'12'::int + 1", 13),
        ("cast('12' as integer)", 12),
        ("$2::varchar(20)", SqlParameter(2, "varchar")),
        ("$1", SqlParameter(1)),
        ("coalesce(NULL, upper('a'))", "A"),
        ("pg_catalog.set_config('search_path', 'x', false)", "x"),
        ("current_setting('search_path')", "public"),
        ("count(*)", 1),
        ("length('abc')", 3),
    ],
)
def test_values_as_postgres_has_them(text: str, value: SqlValue) -> None:
    assert evaluated(text, VALUES, "postgres") == value


BOUND = {
    **{f"${n}": SqlParameter(n, given=SqlBound(value)) for n, value in enumerate((5, "b", None), 1)},
    "?2": SqlParameter(2, given=SqlBound("second")), "@name": SqlParameter(1, given=SqlBound("x")),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "server", "value"),
    [
        ("$1 + 1", "postgres", 6),
        ("upper($2)", "postgres", "B"),
        ("$3 IS NULL", "postgres", "t"),
        ("coalesce($3, 'z')", "postgres", "z"),
        ("$1::text", "postgres", SqlParameter(1, "text", SqlBound(5))),
        ("concat('a', ?)", "mysql", "asecond"),
        ("@name + 'y'", "mssql", "xy"),
        ("$9 + 1", "postgres", SqlParameter(9, "int")),
        ("upper($9)", "postgres", SqlParameter(9)),
    ],
)
def test_what_is_bound_is_counted_with_and_what_is_not_yet_stays_open(
    text: str, server: str, value: SqlValue
) -> None:
    assert evaluated(text, BOUND, server, 1) == value


def test_a_variable_that_is_not_declared_is_named() -> None:
    with pytest.raises(SqlUnknownError, match="variable @P7"):
        evaluated("@P7", {}, "mssql")


def test_what_other_servers_have_otherwise() -> None:
    assert evaluated("1 = 1", VALUES, "mysql") == 1
    assert evaluated("1 / 2", VALUES, "mysql") == "0.5000"
    assert evaluated("1 / 0", VALUES, "mysql") is None
    assert evaluated("@a", VALUES, "mysql") is None
    assert evaluated("load_file('/etc/passwd')", VALUES, "mysql") is None
    assert evaluated("'a' + 'b'", VALUES, "mssql") == "ab"
    assert evaluated("is_srvrolemember('sysadmin')", VALUES, "mssql") == 0


@pytest.mark.parametrize(
    ("text", "sort", "name"),
    [
        ("nosuch(1)", "function", "nosuch"),
        ("1 + nosuch", "column", "nosuch"),
        ("@@nosuch", "variable", "nosuch"),
        ("lower()", "function", "lower"),
        ("load_file('x')", "function", "load_file"),
    ],
)
def test_what_is_not_known_is_named(text: str, sort: str, name: str) -> None:
    with pytest.raises(SqlUnknownError) as caught:
        evaluated(text, VALUES, "postgres")
    assert (caught.value.sort, caught.value.name) == (sort, name)


@pytest.mark.parametrize(
    "text", ["", "1 1", "(1", "1 +", "case when 1 then 2 end", "(" * 100, "9" * 18 + "*" + "9" * 18]
)
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        evaluated(text, VALUES, "postgres")


@pytest.mark.parametrize("text", ["1/0", "7 % 0", "1 + (2 / 0)"])
def test_nothing_is_divided_by_zero(text: str) -> None:
    for server in ("postgres", "mssql"):
        with pytest.raises(SqlUnknownError) as problem:
            evaluated(text, VALUES, server)
        assert problem.value.sort == "division"


def test_a_text_that_is_put_together_is_bounded() -> None:
    values = {"@a": SqlParameter(1, given=SqlBound("x" * (1 << 20)))}
    for text, server in (("+".join(["@a"] * 300), "mssql"), (f"concat({','.join(['@a'] * 300)})", "mssql")):
        assert len(str(evaluated(text, values, server))) == 1 << 16


@given(st.text(alphabet="1a'()+-*/<>=|:$?@.,[]\" isnotru", max_size=200))
def test_any_text_has_a_value_or_is_refused(text: str) -> None:
    for server in ("postgres", "mysql", "mssql"):
        try:
            value = evaluated(text, VALUES, server)
        except (ValueError, SqlUnknownError):
            continue
        assert value is None or isinstance(value, str | int | SqlParameter)
