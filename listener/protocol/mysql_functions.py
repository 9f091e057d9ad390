"""Functions of MySQL that every account may call and that hang on nothing but their arguments.

Values are None for NULL, int, Decimal, float and str. What NULL makes NULL is said once, in `called`.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import json
import math
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

MysqlValue = int | str | float | Decimal | None
_Arguments = Sequence[MysqlValue]
_LONGEST, _MANY = 1 << 16, 64
"""Characters of a text that is made; arguments."""


class MysqlCallError(Exception):
    """A call that the server refuses."""

    def __init__(self, number: int, state: str, text: str) -> None:
        super().__init__(text)
        self.number, self.state, self.text = number, state, text


def number(value: MysqlValue) -> int | float | Decimal:
    """As a number: of a text what stands at its beginning."""
    if isinstance(value, str):
        found = re.match(r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", value)
        return float(found[0]) if found else 0.0
    return 0 if value is None else value


def text(value: MysqlValue) -> str:
    """As the server writes it."""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.17g}"
    return "" if value is None else str(value)


def _whole(value: MysqlValue) -> int:
    found = number(value)
    return int(Decimal(str(found)).to_integral_value(ROUND_HALF_UP))


def _part(value: MysqlValue, begin: MysqlValue, size: MysqlValue = _LONGEST) -> str:
    said, at, count = text(value), _whole(begin), _whole(size)
    at = len(said) + at if at < 0 else at - 1
    return said[at : at + max(0, count)] if at >= 0 else ""


def _padded(value: MysqlValue, size: MysqlValue, fill: MysqlValue, *, left: bool) -> str | None:
    said, count, filling = text(value), min(_whole(size), _LONGEST), text(fill)
    if count < 0 or (not filling and count > len(said)):
        return None
    missing = max(0, count - len(said))
    room = (filling * (missing // max(1, len(filling)) + 1))[:missing]
    return room + said[:count] if left else said[:count] + room


def _round(value: MysqlValue, digits: MysqlValue = 0) -> MysqlValue:
    found, places = number(value), _whole(digits)
    if isinstance(found, float):
        return float(round(found, places))
    made = Decimal(found).quantize(Decimal(1).scaleb(-max(-18, min(places, 18))), ROUND_HALF_UP)
    return int(made) if isinstance(found, int) else made


def _hex(value: MysqlValue) -> str:
    return (
        text(value).encode().hex().upper() if isinstance(value, str) else f"{_whole(value) & (1 << 64) - 1:X}"
    )


def _unhex(value: MysqlValue) -> str | None:
    try:
        return bytes.fromhex(text(value).zfill(len(text(value)) + len(text(value)) % 2)).decode(
            "utf-8", "replace"
        )
    except ValueError:
        return None


def _from_base64(value: MysqlValue) -> str | None:
    try:
        return base64.b64decode(text(value), validate=True).decode("utf-8", "replace")
    except (ValueError, binascii.Error):
        return None


def _day(value: MysqlValue) -> datetime.datetime | None:
    said = text(value)
    try:
        return datetime.datetime.fromisoformat(said.replace(" ", "T"))
    except ValueError:
        return None


def _of_day(pick: Callable[[datetime.datetime], int | str]) -> Callable[..., MysqlValue]:
    def of(value: MysqlValue) -> MysqlValue:
        day = _day(value)
        return None if day is None else pick(day)

    return of


def _hash(name: str) -> Callable[..., MysqlValue]:
    return lambda value: hashlib.new(name, text(value).encode(), usedforsecurity=False).hexdigest()


def _sha2(value: MysqlValue, size: MysqlValue) -> MysqlValue:
    name = {0: "sha256", 224: "sha224", 256: "sha256", 384: "sha384", 512: "sha512"}.get(_whole(size))
    return hashlib.new(name, text(value).encode()).hexdigest() if name else None


def _address(value: MysqlValue) -> MysqlValue:
    parts = text(value).split(".")
    if len(parts) != 4 or not all(part.isdigit() and int(part) < 256 for part in parts):
        return None
    return sum(int(part) << 8 * place for place, part in zip((3, 2, 1, 0), parts, strict=True))


def _xpath(value: MysqlValue, path: MysqlValue, *_: MysqlValue) -> MysqlValue:
    if not re.fullmatch(r"/?[\w/@*.\[\]]*", text(path)):
        raise MysqlCallError(1105, "HY000", f"XPATH syntax error: '{text(path)[:32]}'")
    return text(value) if _ else ""


def _json(*parts: MysqlValue) -> str:
    values = [float(part) if isinstance(part, Decimal) else part for part in parts]
    return json.dumps({text(key): value for key, value in zip(values[::2], values[1::2], strict=True)})


def _repeated(value: MysqlValue, times: MysqlValue) -> str:
    said = text(value)
    return said * max(0, min(_whole(times), _LONGEST // max(1, len(said))))


def _replaced(value: MysqlValue, old: MysqlValue, new: MysqlValue) -> MysqlValue:
    part, other = text(old), text(new)
    most = (
        _LONGEST // (len(other) - len(part)) + 1 if len(other) > len(part) else -1
    )  # none grows beyond that
    return text(value).replace(part, other, most) if part else value


def rest_of(one: Any, other: Any) -> MysqlValue:
    """What is left of a division, with the sign of what is divided; NULL where that is by nothing."""
    if isinstance(one, float) or isinstance(other, float):
        one, other = float(one), float(other)
    rest = abs(one) % abs(other) if other else None
    return -rest if rest is not None and one < 0 else rest


def _found(part: MysqlValue, value: MysqlValue, at: int = 1) -> int:
    return text(value).lower().find(text(part).lower(), max(0, at - 1)) + 1


def _compared(one: MysqlValue, other: MysqlValue) -> int:
    low, high = text(one).lower(), text(other).lower()
    return (low > high) - (low < high)


def _power(one: MysqlValue, other: MysqlValue) -> MysqlValue:
    base, exponent = float(number(one)), float(number(other))
    return None if base < 0 and not exponent.is_integer() else base**exponent


Functions = Mapping[str, tuple[int, int, Callable[..., Any]]]
FUNCTIONS: Functions = {
    "lower": (1, 1, lambda value: text(value).lower()),
    "lcase": (1, 1, lambda value: text(value).lower()),
    "upper": (1, 1, lambda value: text(value).upper()),
    "ucase": (1, 1, lambda value: text(value).upper()),
    "trim": (1, 1, lambda value: text(value).strip(" ")),
    "ltrim": (1, 1, lambda value: text(value).lstrip(" ")),
    "rtrim": (1, 1, lambda value: text(value).rstrip(" ")),
    "length": (1, 1, lambda value: len(text(value).encode())),
    "octet_length": (1, 1, lambda value: len(text(value).encode())),
    "bit_length": (1, 1, lambda value: 8 * len(text(value).encode())),
    "char_length": (1, 1, lambda value: len(text(value))),
    "character_length": (1, 1, lambda value: len(text(value))),
    "reverse": (1, 1, lambda value: text(value)[::-1]),
    "concat": (1, _MANY, lambda *values: "".join(map(text, values))),
    "substring": (2, 3, _part),
    "substr": (2, 3, _part),
    "mid": (3, 3, _part),
    "left": (2, 2, lambda value, size: text(value)[: max(0, _whole(size))]),
    "right": (2, 2, lambda value, size: text(value)[-_whole(size) :] if _whole(size) > 0 else ""),
    "replace": (3, 3, _replaced),
    "repeat": (2, 2, _repeated),
    "space": (1, 1, lambda size: " " * max(0, min(_whole(size), _LONGEST))),
    "lpad": (3, 3, lambda value, size, fill: _padded(value, size, fill, left=True)),
    "rpad": (3, 3, lambda value, size, fill: _padded(value, size, fill, left=False)),
    "instr": (2, 2, lambda value, part: _found(part, value)),
    "locate": (2, 3, lambda part, value, at=1: _found(part, value, _whole(at))),
    "position": (2, 2, lambda part, value: _found(part, value)),
    "strcmp": (2, 2, _compared),
    "ascii": (1, 1, lambda value: text(value).encode()[0] if text(value) else 0),
    "ord": (1, 1, lambda value: int.from_bytes(text(value)[:1].encode(), "big")),
    "char": (1, _MANY, lambda *values: "".join(chr(_whole(value) & 0x7F) for value in values)),
    "hex": (1, 1, _hex),
    "unhex": (1, 1, _unhex),
    "bin": (1, 1, lambda value: f"{_whole(value) & (1 << 64) - 1:b}"),
    "to_base64": (1, 1, lambda value: base64.b64encode(text(value).encode()).decode()),
    "from_base64": (1, 1, _from_base64),
    "md5": (1, 1, _hash("md5")),
    "sha": (1, 1, _hash("sha1")),
    "sha1": (1, 1, _hash("sha1")),
    "sha2": (2, 2, _sha2),
    "crc32": (1, 1, lambda value: zlib.crc32(text(value).encode())),
    "quote": (1, 1, lambda value: "'" + text(value).replace("\\", "\\\\").replace("'", "\\'") + "'"),
    "abs": (1, 1, lambda value: abs(number(value))),
    "sign": (1, 1, lambda value: int(number(value) > 0) - int(number(value) < 0)),
    "floor": (1, 1, lambda value: math.floor(number(value))),
    "ceil": (1, 1, lambda value: math.ceil(number(value))),
    "ceiling": (1, 1, lambda value: math.ceil(number(value))),
    "round": (1, 2, _round),
    "pow": (2, 2, _power),
    "power": (2, 2, _power),
    "sqrt": (1, 1, lambda value: math.sqrt(number(value)) if number(value) >= 0 else None),
    "mod": (2, 2, lambda one, other: rest_of(number(one), number(other))),
    "interval": (2, _MANY, lambda value, *steps: sum(number(step) <= number(value) for step in steps)),
    "pi": (0, 0, lambda: 3.141593),
    "greatest": (2, _MANY, lambda *values: max(values, key=number)),
    "least": (2, _MANY, lambda *values: min(values, key=number)),
    "inet_aton": (1, 1, _address),
    "inet_ntoa": (1, 1, lambda value: ".".join(str(_whole(value) >> shift & 255) for shift in (24, 16, 8, 0))),
    "year": (1, 1, _of_day(lambda day: day.year)),
    "month": (1, 1, _of_day(lambda day: day.month)),
    "day": (1, 1, _of_day(lambda day: day.day)),
    "dayofmonth": (1, 1, _of_day(lambda day: day.day)),
    "hour": (1, 1, _of_day(lambda day: day.hour)),
    "minute": (1, 1, _of_day(lambda day: day.minute)),
    "second": (1, 1, _of_day(lambda day: day.second)),
    "date": (1, 1, _of_day(lambda day: f"{day:%Y-%m-%d}")),
    "json_object": (0, _MANY, _json),
    "json_valid": (1, 1, lambda value: int(_is_json(text(value)))),
    "extractvalue": (2, 2, _xpath),
    "updatexml": (3, 3, _xpath),
    "sleep": (1, 1, lambda _: 0),
    "benchmark": (2, 2, lambda *_: 0),
    "load_file": (1, 1, lambda _: None),
    "get_lock": (2, 2, lambda *_: 1),
    "is_free_lock": (1, 1, lambda _: 1),
    "release_lock": (1, 1, lambda _: 1),
    "convert_tz": (3, 3, lambda value, *_: value),
    "count": (1, 1, lambda _: 1),
    "sum": (1, 1, lambda value: Decimal(str(number(value)))),
    "avg": (1, 1, lambda value: Decimal(str(number(value))).quantize(Decimal("0.0001"))),
    "max": (1, 1, lambda value: value),
    "min": (1, 1, lambda value: value),
    "group_concat": (1, _MANY, lambda *values: "".join(map(text, values[:_MANY]))),
    "found_rows": (0, 0, lambda: 1),
    "row_count": (0, 0, lambda: -1),
    "last_insert_id": (0, 1, lambda value=0: value),
}  # fmt: skip
"""Name to the fewest and most arguments and what it gives, where no argument is NULL."""
WITH_NULLS: Functions = {
    "ifnull": (2, 2, lambda value, other: other if value is None else value),
    "coalesce": (1, _MANY, lambda *values: next((value for value in values if value is not None), None)),
    "isnull": (1, 1, lambda value: int(value is None)),
    "if": (3, 3, lambda test, yes, no: yes if test is not None and number(test) else no),
    "nullif": (2, 2, lambda value, other: None if value is not None and text(value) == text(other) else value),
    "concat_ws": (2, _MANY, lambda sign, *values: None if sign is None else
                  text(sign).join(text(value) for value in values if value is not None)),
}  # fmt: skip
"""The same, of those to which NULL is a value."""
_ANY_NUMBER = frozenset({"count", "sum", "avg", "max", "min", "group_concat", "position"})
"""Those whose arguments the grammar counts."""


def called(name: str, arguments: _Arguments, more: Functions = FUNCTIONS) -> MysqlValue:
    """What one gives, of these or of ``more``. Raises KeyError where there is none, MysqlCallError where refused."""
    fewest, most, function = WITH_NULLS.get(name) or FUNCTIONS.get(name) or more[name]
    if not fewest <= len(arguments) <= most and name not in _ANY_NUMBER:
        raise MysqlCallError(
            1582, "42000", f"Incorrect parameter count in the call to native function '{name}'"
        )
    if name not in WITH_NULLS and any(argument is None for argument in arguments):
        return None
    value: MysqlValue = function(*arguments)
    return value[:_LONGEST] if isinstance(value, str) and len(value) > _LONGEST else value


def _is_json(said: str) -> bool:
    try:
        json.loads(said)
    except (ValueError, RecursionError):
        return False
    return True
