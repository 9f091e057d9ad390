"""Values a planted row takes from its neighbours: what the bait says nothing about must look like everybody else's.

Measured: a row whose ``created_at`` does not rise with its id is the first thing a classifier finds, so a new row's
date lies between the newest neighbour's and now, in the neighbours' own notation.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import uuid
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

_SCHEME = re.compile(r"\$([a-z0-9-]{1,16})\$|([a-z0-9_-]{2,20})(?::\d+)*[:$]\S*\$")
"""Modular crypt format (``$2b$12$...``), Django's ``algorithm$...`` and Werkzeug's ``method:parameters$...``."""


def arrival(newest: Any, now: dt.datetime, chance: random.Random) -> Any:
    """A moment between ``newest`` (a neighbour's value, any type) and ``now``, in the same notation.

    None where the notation is unknown.
    """
    if isinstance(newest, str):
        for notation in _NOTATIONS:
            try:
                parsed = dt.datetime.strptime(newest, notation).replace(tzinfo=dt.UTC)
            except ValueError:
                continue
            return _between(parsed, now, chance).strftime(notation)
        return None
    if isinstance(newest, bool):
        return None
    if isinstance(newest, int | float):
        scale = 1000 if newest > 100_000_000_000 else 1
        moment = _between(dt.datetime.fromtimestamp(newest / scale, dt.UTC), now, chance)
        return type(newest)(moment.timestamp() * scale)
    if isinstance(newest, dt.datetime):
        moment = _between(newest if newest.tzinfo else newest.replace(tzinfo=dt.UTC), now, chance)
        return moment if newest.tzinfo else moment.replace(tzinfo=None)
    if isinstance(newest, dt.date):
        start = dt.datetime(newest.year, newest.month, newest.day, tzinfo=dt.UTC)
        return _between(start, now, chance).date()
    return None


def _between(start: dt.datetime, now: dt.datetime, chance: random.Random) -> dt.datetime:
    """In the last hour before now: a live table's newcomer came today, not in the middle of the gap."""
    start = max(start, now - dt.timedelta(hours=1))
    return now if start >= now else start + (now - start) * chance.random()


def scheme(value: Any) -> str:
    """How a stored password is hashed (``2b``, ``pbkdf2_sha256``, ``scrypt``), by its prefix; or empty."""
    found = _SCHEME.match(value) if isinstance(value, str) else None
    return (found[1] or found[2]) if found else ""


def identifier(neighbour: Any) -> Any:
    """A fresh primary key of the neighbour's sort (UUID in any spelling), or None."""
    if isinstance(neighbour, uuid.UUID):
        return uuid.uuid4()
    if not isinstance(neighbour, str):
        return None
    try:
        known = uuid.UUID(neighbour)
    except ValueError:
        return None
    fresh = uuid.uuid4()
    if neighbour == known.hex:
        return fresh.hex
    return str(fresh) if neighbour == str(known) else None
