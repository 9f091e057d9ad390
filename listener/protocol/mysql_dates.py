"""Moments and intervals as MySQL adds them up: DATE_ADD, INTERVAL, DATEDIFF, DATE_FORMAT and their like.

"Date and Time Functions" of its manual. What is no moment, or lies beyond the year 9999, is NULL.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from listener.protocol.mysql_functions import MysqlValue, number, text

_MOMENT = re.compile(
    r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6}))?)?)?\s*\Z"
)
_PARTS = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")
UNITS: Mapping[str, tuple[str, ...]] = {
    **{part: (part,) for part in (*_PARTS, "WEEK", "QUARTER", "MICROSECOND")},
    "YEAR_MONTH": ("YEAR", "MONTH"),
    "DAY_HOUR": ("DAY", "HOUR"),
    "DAY_MINUTE": ("DAY", "HOUR", "MINUTE"),
    "DAY_SECOND": ("DAY", "HOUR", "MINUTE", "SECOND"),
    "HOUR_MINUTE": ("HOUR", "MINUTE"),
    "HOUR_SECOND": ("HOUR", "MINUTE", "SECOND"),
    "MINUTE_SECOND": ("MINUTE", "SECOND"),
}
"""A unit in capitals to those that its amount names, the largest first."""
_IN_MONTHS = {"YEAR": 12, "QUARTER": 3, "MONTH": 1}
_IN_MICROS = {
    "WEEK": 604_800_000_000, "DAY": 86_400_000_000, "HOUR": 3_600_000_000, "MINUTE": 60_000_000, "SECOND": 1_000_000,
    "MICROSECOND": 1,
}  # fmt: skip
_FARTHEST = 1 << 60
"""Microseconds that may be added; twice as much as there are until the year 9999."""
_FORMS: Mapping[str, Callable[[datetime.datetime], str]] = {
    "a": lambda day: f"{day:%a}", "b": lambda day: f"{day:%b}", "c": lambda day: str(day.month),
    "d": lambda day: f"{day:%d}", "e": lambda day: str(day.day), "f": lambda day: f"{day:%f}",
    "H": lambda day: f"{day:%H}", "h": lambda day: f"{day:%I}", "I": lambda day: f"{day:%I}",
    "i": lambda day: f"{day:%M}", "j": lambda day: f"{day:%j}", "k": lambda day: str(day.hour),
    "l": lambda day: str(day.hour % 12 or 12), "M": lambda day: f"{day:%B}", "m": lambda day: f"{day:%m}",
    "p": lambda day: f"{day:%p}", "r": lambda day: f"{day:%I:%M:%S %p}", "S": lambda day: f"{day:%S}",
    "s": lambda day: f"{day:%S}", "T": lambda day: f"{day:%H:%M:%S}", "W": lambda day: f"{day:%A}",
    "w": lambda day: f"{day:%w}", "Y": lambda day: f"{day.year:04}", "y": lambda day: f"{day:%y}",
}  # fmt: skip


def moment(value: MysqlValue) -> tuple[datetime.datetime, bool] | None:
    """A moment, and whether it names a time too; None of what is none."""
    found = _MOMENT.match(text(value)) if value is not None else None
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        at = datetime.datetime(year, month, day, hour, minute, second, int((found[7] or "0").ljust(6, "0")))  # noqa: DTZ001
    except ValueError:
        return None
    return at, found[4] is not None


def shifted(value: MysqlValue, amount: MysqlValue, unit: str, sign: int) -> MysqlValue:
    """``value`` with ``sign`` times an amount of a unit added. Raises KeyError where the unit is none."""
    parts, begun = UNITS[unit], moment(value)
    if begun is None or amount is None:
        return None
    at, timed = begun
    months, micros = _amount(amount, parts)
    months, micros = sign * months, sign * micros
    if abs(micros) > _FARTHEST or abs(months) > 12 * 9999:
        return None
    total = 12 * at.year + at.month - 1 + months
    try:
        last = calendar.monthrange(total // 12, total % 12 + 1)[1]
        at = at.replace(year=total // 12, month=total % 12 + 1, day=min(at.day, last))
        at += datetime.timedelta(microseconds=micros)
    except (ValueError, OverflowError):
        return None
    return _told(at, timed=timed or parts[-1] in ("HOUR", "MINUTE", "SECOND", "MICROSECOND"))


def _amount(amount: MysqlValue, parts: tuple[str, ...]) -> tuple[int, int]:
    """Months and microseconds."""
    if len(parts) == 1:
        said = number(amount)
        exact = Decimal(str(said))
        if parts[0] in _IN_MONTHS:
            return _IN_MONTHS[parts[0]] * _near(exact), 0
        whole = exact if parts[0] == "SECOND" else Decimal(_near(exact))
        return 0, int(whole * _IN_MICROS[parts[0]]) if abs(whole) < _FARTHEST else 2 * _FARTHEST
    negative = text(amount).lstrip().startswith("-")
    numbers = [int(one) for one in re.findall(r"\d{1,12}", text(amount))][-len(parts) :]
    months = micros = 0
    for part, count in zip(parts[-len(numbers) :] if numbers else (), numbers, strict=True):
        months += _IN_MONTHS.get(part, 0) * count
        micros += _IN_MICROS.get(part, 0) * count
    return (-months, -micros) if negative else (months, micros)


def _near(value: Decimal) -> int:
    return (
        int(value + (Decimal("0.5") if value >= 0 else Decimal("-0.5")))
        if abs(value) < _FARTHEST
        else _FARTHEST
    )


def _told(at: datetime.datetime, *, timed: bool) -> str:
    day = f"{at.year:04}-{at.month:02}-{at.day:02}"
    fraction = f".{at.microsecond:06}" if at.microsecond else ""
    return f"{day} {at:%H:%M:%S}{fraction}" if timed else day


def part_of(unit: str, value: MysqlValue) -> MysqlValue:
    """EXTRACT. Raises KeyError where the unit is none, or is made of several."""
    (part,) = UNITS[unit] if len(UNITS[unit]) == 1 else (UNITS[""])
    begun = moment(value)
    if begun is None:
        return None
    at = begun[0]
    return {"WEEK": int(f"{at:%U}"), "QUARTER": (at.month + 2) // 3}.get(part) or int(
        getattr(at, part.lower(), 0)
    )


def between(unit: str, one: MysqlValue, other: MysqlValue) -> MysqlValue:
    """TIMESTAMPDIFF: whole units from one moment to another. Raises KeyError where the unit is none."""
    (part,) = UNITS[unit] if len(UNITS[unit]) == 1 else (UNITS[""])
    begun, ends = moment(one), moment(other)
    if begun is None or ends is None:
        return None
    low, high = sorted((begun[0], ends[0]))
    sign = 1 if ends[0] >= begun[0] else -1
    if part in _IN_MONTHS:
        months = 12 * (high.year - low.year) + high.month - low.month
        months -= (high.day, high.time()) < (low.day, low.time())
        return sign * (months // _IN_MONTHS[part])
    return sign * ((high - low) // datetime.timedelta(microseconds=_IN_MICROS[part]))


def _formatted(value: MysqlValue, form: MysqlValue) -> MysqlValue:
    begun = moment(value)
    if begun is None:
        return None
    at = begun[0]

    def told(sign: re.Match[str]) -> str:
        return _FORMS[sign[1]](at) if sign[1] in _FORMS else sign[1]

    return re.sub(r"%(.)", told, text(form)[:1024], flags=re.S)


def _of(pick: Callable[[datetime.datetime], int | str]) -> Callable[[MysqlValue], MysqlValue]:
    def of(value: MysqlValue) -> MysqlValue:
        begun = moment(value)
        return None if begun is None else pick(begun[0])

    return of


def _days_between(one: MysqlValue, other: MysqlValue) -> MysqlValue:
    begun, ends = moment(other), moment(one)
    return None if begun is None or ends is None else (ends[0].date() - begun[0].date()).days


def _from_unix(value: MysqlValue) -> MysqlValue:
    seconds = number(value)
    if not 0 <= seconds < 1 << 35:
        return None
    return _told(datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=int(seconds)), timed=True)  # noqa: DTZ001


FUNCTIONS: Mapping[str, tuple[int, int, Callable[..., Any]]] = {
    "datediff": (2, 2, _days_between),
    "date_format": (2, 2, _formatted),
    "last_day": (1, 1, _of(lambda day: f"{day:%Y-%m}-{calendar.monthrange(day.year, day.month)[1]}")),
    "dayname": (1, 1, _of(lambda day: f"{day:%A}")),
    "monthname": (1, 1, _of(lambda day: f"{day:%B}")),
    "dayofweek": (1, 1, _of(lambda day: day.isoweekday() % 7 + 1)),
    "weekday": (1, 1, _of(lambda day: day.weekday())),
    "dayofyear": (1, 1, _of(lambda day: day.timetuple().tm_yday)),
    "quarter": (1, 1, _of(lambda day: (day.month + 2) // 3)),
    "to_days": (1, 1, _of(lambda day: day.toordinal() + 365)),
    "from_unixtime": (1, 1, _from_unix),
}
"""Name to the fewest and most arguments and what it gives, where no argument is NULL."""
