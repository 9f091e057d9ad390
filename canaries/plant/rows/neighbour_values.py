"""Times and keys of a planted row: as the donor's, moved to the moment at which the new row arrives.

Measured: a row whose ``created_at`` does not rise with its id is the first thing a classifier finds, and one updated
before it was created the second. So all times of a row are the donor's, moved together: what lay an hour behind still
does, or less where that would be in the future.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import uuid
from collections.abc import Mapping
from typing import Any

_NOTATIONS = (
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%fZ",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S.%f+00:00",
    "%Y-%m-%dT%H:%M:%S+00:00",
    "%Y-%m-%d %H:%M:%S.%f+00:00",
    "%Y-%m-%d %H:%M:%S+00:00",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d",
)
"""How applications write times into text columns (SQLite has no other)."""

_SCHEME = re.compile(r"\$([a-zA-Z0-9-]{1,16})\$|([a-z0-9_-]{2,20})(?::\d+)*[:$]\S*\$")
"""Modular crypt format (``$2b$12$...``), Django's ``algorithm$...`` and Werkzeug's ``method:parameters$...``."""
_LIVE = dt.timedelta(hours=1)
_EPOCH = (946_684_800, 4_102_444_800)
"""Seconds of the years 2000 to 2100: numbers outside are no times."""


def moment(value: Any) -> tuple[dt.datetime, str] | None:
    """The time that a value of any type says, aware, and how it is written; None where it says none."""
    if isinstance(value, dt.datetime):
        return (value, "aware") if value.tzinfo else (value.replace(tzinfo=dt.UTC), "naive")
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC), "date"
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        scale = 1000 if value > _EPOCH[1] else 1
        if not _EPOCH[0] <= value / scale <= _EPOCH[1]:
            return None
        return dt.datetime.fromtimestamp(value / scale, dt.UTC), f"{type(value).__name__} {scale}"
    if isinstance(value, str) and value[4:5] == "-" and value[:4].isdecimal():
        for notation in _NOTATIONS:
            try:
                return dt.datetime.strptime(value, notation).replace(tzinfo=dt.UTC), notation
            except ValueError:
                continue
    return None


def _as(when: dt.datetime, how: str) -> Any:
    """The time as `moment` found one written."""
    match how.split(" ") if "%" not in how else [how]:
        case ["aware"]:
            return when
        case ["naive"]:
            return when.replace(tzinfo=None)
        case ["date"]:
            return when.date()
        case ["int", scale]:
            return int(when.timestamp() * int(scale))
        case ["float", scale]:
            return when.timestamp() * int(scale)
        case _:
            return when.strftime(how)


_DRAWN_LEAST, _DRAWN_MOST = 8, 64
"""Bytes of a key that somebody drew."""


def arrival(newest: Any, now: dt.datetime, chance: random.Random) -> dt.datetime | None:
    """A moment between ``newest`` (a neighbour's value, any type) and ``now``, in the last hour; None where the
    neighbour's says no time."""
    found = moment(newest)
    if found is None:
        return None
    start = max(found[0], now - _LIVE)
    return now if start >= now else start + (now - start) * chance.random()


class Moving:
    """Of a donor's times to those of a row that arrives at ``start``."""

    def __init__(
        self, base: dt.datetime, times: Mapping[str, Any], start: dt.datetime, now: dt.datetime
    ) -> None:
        """``base`` is when the donor arrived, ``times`` are its other ones, of all tables."""
        self._base, self._start, self._now = base, start, now
        lags = [found[0] - base for value in times.values() if (found := moment(value)) and found[0] <= now]
        longest = max([lag for lag in lags if lag > dt.timedelta()], default=dt.timedelta())
        room = max(now - start, dt.timedelta())
        self._scale = 1.0 if longest <= room else room / longest

    def __call__(self, value: Any, chance: random.Random) -> Any:
        """The donor's time ``value``, moved; in its own notation. Raises ValueError where it says no time."""
        found = moment(value)
        if found is None:
            raise ValueError("no time")
        when, how = found
        lag = when - self._base
        if when > self._now or how == "date":  # what ends one day, and whole days
            fresh = self._start + lag
            fresh = fresh if when > self._now else min(fresh, self._now)
        elif lag < dt.timedelta(days=-1):  # long before the person came: nobody's birthday is copied
            fresh = when + dt.timedelta(days=chance.randint(-900, 900))
            fresh = min(fresh, self._start)
        else:
            fresh = self._start + lag * self._scale
        if when.microsecond == 0 and "%f" not in how:
            fresh = fresh.replace(microsecond=0)
        return _as(fresh, how)


def scheme(value: Any) -> str:
    """How a stored password is hashed (``2b``, ``pbkdf2_sha256``, ``scrypt``), by its prefix; or empty."""
    found = _SCHEME.match(value) if isinstance(value, str) else None
    return (found[1] or found[2]) if found else ""


def identifier(neighbour: Any, chance: random.Random) -> Any:
    """A fresh primary key of the neighbour's sort (UUID in any spelling, drawn bytes), or None."""
    fresh = uuid.UUID(int=chance.getrandbits(128), version=4)
    if isinstance(neighbour, uuid.UUID):
        return fresh
    if isinstance(neighbour, bytes):
        return _drawn_bytes(neighbour, chance)
    if not isinstance(neighbour, str):
        return None
    try:
        known = uuid.UUID(neighbour)
    except ValueError:
        return None
    if neighbour == known.hex:
        return fresh.hex
    return str(fresh) if neighbour == str(known) else None


def _drawn_bytes(neighbour: bytes, chance: random.Random) -> bytes | None:
    """As many bytes, of a UUID with its version and, where that is a time, its first bytes; None for what is a text or
    longer than a key."""
    if not _DRAWN_LEAST <= len(neighbour) <= _DRAWN_MOST or neighbour.isascii():
        return None
    drawn = bytearray(chance.randbytes(len(neighbour)))
    if len(neighbour) == len(uuid.UUID(int=0).bytes):
        version = uuid.UUID(bytes=neighbour).version  # None: of another variant, or no UUID
        if version:
            drawn[6] = neighbour[6] & 0xF0 | drawn[6] & 0x0F
            drawn[8] = neighbour[8] & 0xC0 | drawn[8] & 0x3F
        if version in (6, 7):  # RFC 9562, section 5: they begin with the time
            drawn[:4] = neighbour[:4]
    return bytes(drawn)
