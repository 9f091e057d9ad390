"""MySQL's arithmetic and comparisons: numbers, texts and NULL, as its operators take them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from listener.protocol.mysql_functions import MysqlCallError, MysqlValue, number, rest_of, text
from listener.protocol.sql_values import SqlNumber, SqlParameter, SqlValue

LARGEST = 1 << 64
"""Above every whole number."""
_SUMS: Mapping[str, Callable[..., int | float | Decimal]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
LONGEST_LIKE = 512
"""Characters of a text and of a pattern of LIKE that are looked at."""
_LIKE_SIGN = re.compile(r"\\(.)|(.)", re.S)
_BITS: Mapping[str, Callable[[int, int], int]] = {
    "|": lambda one, other: one | other, "&": lambda one, other: one & other, "^": lambda one, other: one ^ other,
    "<<": lambda one, other: one << other if other < 64 else 0, ">>": lambda one, other: one >> other,
}  # fmt: skip
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "Z": "\x1a", "%": r"\%", "_": r"\_"}
"""The last two are for patterns of LIKE, and stay as they are."""


def unquoted(said: str) -> str:
    """A literal's text."""
    said = re.sub(r"^(?:[nN]|_\w+\s*)(?=')", "", said)
    mark, inner = said[0], said[1:-1]
    inner = inner.replace(mark * 2, mark)
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), inner, flags=re.S)


def truth_of(value: MysqlValue) -> int | None:
    """1, 0, or None for NULL."""
    return None if value is None else int(number(value) != 0)


def order_of(one: MysqlValue, other: MysqlValue) -> int | None:
    """Below, at or above zero; texts in any case are the same."""
    if one is None or other is None:
        return None
    if isinstance(one, str) and isinstance(other, str):
        low, high = one.lower(), other.lower()
        return (low > high) - (low < high)
    left, right = number(one), number(other)
    return (left > right) - (left < right)


def same(one: MysqlValue, other: MysqlValue) -> int | None:
    """1 where they are, 0, or None where one is NULL."""
    order = order_of(one, other)
    return None if order is None else int(order == 0)


def is_like(value: str, pattern: str, *, cased: bool = False) -> bool:
    """Whether a text fits a pattern of LIKE, in any case or, ``cased``, letter for letter.

    All places of the pattern that the text may have come to are kept as bits, so each of its characters is one step,
    whatever the pattern is: nothing is tried again.
    """
    fits, anything, loops, places = dict[str, int](), 0, 0, 0
    value, pattern = value[:LONGEST_LIKE], pattern[:LONGEST_LIKE]
    if not cased:
        value, pattern = value.lower(), pattern.lower()
    for escaped, sign in _LIKE_SIGN.findall(pattern):
        if sign == "%":
            loops |= 1 << places
            continue
        if sign == "_":
            anything |= 1 << places
        else:
            one = escaped or sign
            fits[one] = fits.get(one, 0) | 1 << places
        places += 1
    reached = 1
    for letter in value:
        reached = (reached & (fits.get(letter, 0) | anything)) << 1 | reached & loops
    return bool(reached >> places)


def computed(sign: str, one: MysqlValue, other: MysqlValue) -> MysqlValue:
    """What an operator makes of two values. Raises MysqlCallError where that is out of range."""
    if one is None or other is None:
        return None
    left, right = number(one), number(other)
    if sign in _BITS:
        return _BITS[sign](int(left) % LARGEST, int(right) % LARGEST) % LARGEST
    if isinstance(left, float) or isinstance(right, float):
        left, right = float(left), float(right)
    if sign in ("/", "DIV", "%", "MOD") and not right:
        return None
    if sign == "/":
        if isinstance(left, float) or isinstance(right, float):
            return float(left) / float(right)
        places = 4 - min(0, int(Decimal(left).as_tuple().exponent))
        return (Decimal(left) / Decimal(right)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if sign == "DIV":
        return int(Decimal(str(left)) / Decimal(str(right)))
    if sign in ("%", "MOD"):
        return rest_of(left, right)
    exact = isinstance(left, int) and isinstance(right, int)
    one_side, other_side = (
        (left, right) if exact or isinstance(left, float) else (Decimal(left), Decimal(right))
    )
    found: int | float | Decimal = _SUMS[sign](one_side, other_side)
    if isinstance(found, int) and not -(1 << 63) <= found < 1 << 63:
        raise MysqlCallError(1690, "22003", f"BIGINT value is out of range in '({left} {sign} {right})'")
    return found


def cast(value: MysqlValue, kind: str) -> MysqlValue:
    """A value as a type, in lower case."""
    if value is None or kind in ("binary", "json", "nchar", "datetime", "time"):
        return value
    if kind in ("signed", "unsigned"):
        return int(number(value))
    if kind == "decimal":
        return Decimal(str(number(value))).quantize(Decimal(1), ROUND_HALF_UP)
    return text(value)[:10] if kind == "date" else text(value)


def told(value: MysqlValue | SqlValue) -> SqlValue:
    """A value as a row of results has it."""
    if isinstance(value, float):
        return SqlNumber(text(value), exact=False)
    return SqlNumber(f"{value:f}", exact=True) if isinstance(value, Decimal) else value


def plain(value: SqlValue) -> MysqlValue:
    """What a parameter is bound to, NULL before; anything else as it is."""
    if isinstance(value, SqlParameter):
        return value.given.value if value.given else None
    return value
