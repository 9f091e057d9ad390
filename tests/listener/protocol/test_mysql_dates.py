"""Moments. Most are held beside MariaDB (`test_mysql_beside_mariadb`); here what is far away, and that none raise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import mysql_dates
from listener.protocol.mysql_dates import FUNCTIONS, UNITS, moment, shifted
from listener.protocol.mysql_functions import called


def test_what_is_a_moment() -> None:
    assert moment("2020-02-30") is moment("x") is moment(None) is None
    found = moment("2020-1-2 3:4")
    assert found is not None
    assert (f"{found[0]:%F %T}", found[1]) == ("2020-01-02 03:04:00", True)


@pytest.mark.parametrize("amount", [10**30, -(10**30), "1e400", 1e300, "-9999999999999999999"])
@pytest.mark.parametrize("unit", sorted(UNITS))
def test_what_is_too_far_is_null(amount: str | float, unit: str) -> None:
    assert shifted("2020-01-02", amount, unit, 1) is None or "_" in unit


@given(
    value=st.text(max_size=30) | st.datetimes().map(str),
    amount=st.none() | st.text(max_size=12) | st.integers() | st.floats(allow_nan=False),
    unit=st.sampled_from(sorted(UNITS)),
)
def test_any_words_are_a_moment_or_null(value: str, amount: str | float | None, unit: str) -> None:
    found = shifted(value, amount, unit, -1)
    assert found is None or moment(found) is not None
    for name in FUNCTIONS:
        called(name, (value, value)[: FUNCTIONS[name][0]], FUNCTIONS)
    if len(UNITS[unit]) == 1:
        mysql_dates.part_of(unit, value)
        mysql_dates.between(unit, value, "2020-01-02")
