"""Calls of MySQL whose arguments are no list of expressions: DATE_ADD with its INTERVAL, EXTRACT, TIMESTAMPDIFF."""

from __future__ import annotations

from collections.abc import Callable

from listener.protocol import mysql_dates
from listener.protocol.mysql_functions import MysqlValue
from listener.protocol.mysql_tokens import MysqlTokens

_ADDED = {"date_add": 1, "adddate": 1, "date_sub": -1, "subdate": -1}
CALLS = frozenset({*_ADDED, "extract", "timestampdiff", "timestampadd"})
"""Their names."""


def called(name: str, tokens: MysqlTokens, expression: Callable[[], MysqlValue]) -> MysqlValue:
    """What a call of one of `CALLS` gives, from behind its bracket. ``expression``: reads one. Raises ValueError."""
    if name in _ADDED:
        value = expression()
        tokens.must(",")
        unit, amount = "DAY", None
        if tokens.sees("INTERVAL"):
            amount, unit = expression(), _unit(tokens)
        elif name in ("adddate", "subdate"):
            amount = expression()
        else:
            raise ValueError("no interval")
        tokens.must(")")
        return mysql_dates.shifted(value, amount, unit, _ADDED[name])
    unit = _unit(tokens)
    if name == "extract":
        tokens.must("FROM")
        value = expression()
        tokens.must(")")
        return mysql_dates.part_of(unit, value)
    tokens.must(",")
    one = expression()
    tokens.must(",")
    other = expression()
    tokens.must(")")
    return (
        mysql_dates.between(unit, one, other)
        if name == "timestampdiff"
        else mysql_dates.shifted(other, one, unit, 1)
    )


def added(
    sign: str, value: MysqlValue, tokens: MysqlTokens, expression: Callable[[], MysqlValue]
) -> MysqlValue:
    """``value + INTERVAL 1 DAY`` from behind that word. Raises ValueError."""
    amount = expression()
    return mysql_dates.shifted(value, amount, _unit(tokens), 1 if sign == "+" else -1)


def _unit(tokens: MysqlTokens) -> str:
    unit = tokens.sees(*mysql_dates.UNITS)
    if not unit:
        raise ValueError("no unit")
    return unit
