"""The only place that reads the time.

Times are aware datetimes in UTC; on disk and on the wire they are RFC 3339 with microseconds and ``Z``
(an oversight body's report of innocent people arrested after a one-hour zone error is why there is no
other form anywhere). How good the clock is comes from the kernel's NTP discipline (adjtimex(2)).
"""

from __future__ import annotations

import ctypes
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol, TypedDict

from canaries.core.errors import TraplineError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """Where the time comes from; tests inject their own."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that stands still until it is moved. For tests and for re-rendering."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def advance(self, **delta: float) -> None:
        """Move forward by ``timedelta(**delta)``."""
        self.moment += timedelta(**delta)


class ClockReading(TypedDict, total=False):
    """A `ClockQuality` as it is stored."""

    source: str
    offset_us: int | None
    checked_at: str


@dataclass(frozen=True, slots=True)
class ClockQuality:
    """What the kernel says of its clock."""

    source: str
    """``ntp`` (kernel disciplined), ``free`` (not synchronised) or ``unknown``."""
    offset_us: int | None
    """Estimated error in microseconds, or None."""
    checked_at: str
    """RFC 3339."""

    def as_dict(self) -> ClockReading:
        return {"source": self.source, "offset_us": self.offset_us, "checked_at": self.checked_at}


class _Timex(ctypes.Structure):
    """struct timex, as adjtimex(2) fills it on 64-bit Linux."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("rest", ctypes.c_byte * 256),
    )


def quality() -> ClockQuality:
    """Ask the kernel how good the clock is. Never raises: an unknown answer is an answer."""
    checked = rfc3339(datetime.now(UTC))
    try:
        timex = _Timex()
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex))
    except (OSError, AttributeError):
        return ClockQuality("unknown", None, checked)
    if state < 0:
        return ClockQuality("unknown", None, checked)
    if state == 5:  # TIME_ERROR: the clock is not synchronised
        return ClockQuality("free", None, checked)
    return ClockQuality("ntp", int(timex.esterror), checked)


def monotonic() -> float:
    """Seconds on a clock that never jumps, for intervals."""
    return time.monotonic()


def micros() -> int:
    """Microseconds since 1970-01-01T00:00:00Z, for the front's hot path."""
    return time.time_ns() // 1000


def from_micros(value: int) -> datetime:
    """The moment ``value`` microseconds after the epoch."""
    return _EPOCH + timedelta(microseconds=value)


def written_micros(value: int) -> str:
    """The same as `rfc3339` writes it, for what writes many that are near each other."""
    seconds, micros = divmod(value, 1_000_000)
    return f"{_second(seconds)}.{micros:06d}Z"


@lru_cache(4096)
def _second(value: int) -> str:
    return rfc3339(from_micros(value * 1_000_000))[:-8]


def to_micros(moment: datetime) -> int:
    """Microseconds since the epoch."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def rfc3339(moment: datetime) -> str:
    """``2026-11-22T12:15:48.000001Z``. Refuses naive times: a time without a zone is not a time."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime cannot be written down")
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def parse_rfc3339(text: str) -> datetime:
    """The inverse of `rfc3339`; also takes offsets. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


_SPAN = re.compile(r"(\d{1,5}) ?(m|h|d|w)?")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def until(text: str, now: datetime) -> str:
    """``30m``, ``12h``, ``90d``, ``90`` (days) or a date from now, RFC 3339. Raises TraplineError."""
    span = _SPAN.fullmatch(text.strip())
    try:
        moment = (
            now + timedelta(**{_UNITS[span[2] or "d"]: int(span[1])})
            if span
            else _utc(datetime.fromisoformat(text))
        )
    except (ValueError, OverflowError):
        raise TraplineError(
            f"{text!r} is not a time", hint="write 30m, 12h, 90d or a date such as 2027-01-31"
        ) from None
    if moment <= now:
        raise TraplineError(f"{text!r} is in the past", hint="write 30m, 12h, 90d or a date to come")
    return rfc3339(moment)


def since(text: str, now: datetime) -> str:
    """The same before now: ``2h`` is two hours ago. Raises TraplineError."""
    span = _SPAN.fullmatch(text.strip())
    try:
        moment = (
            now - timedelta(**{_UNITS[span[2] or "d"]: int(span[1])})
            if span
            else _utc(datetime.fromisoformat(text))
        )
    except (ValueError, OverflowError):
        raise TraplineError(
            f"{text!r} is not a time", hint="write 30m, 12h, 90d or a date such as 2027-01-31"
        ) from None
    return rfc3339(moment)


def _utc(moment: datetime) -> datetime:
    """Raises OverflowError for one that is before the year 1 or after 9999 in UTC."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
