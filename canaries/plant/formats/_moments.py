"""Times in columns of a table: those of a row more, drawn between its neighbours', in their order and notation."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_DAY = 86_400 * 1_000_000
_HOUR = _DAY // 24
_STEPS = (_DAY, _HOUR, _HOUR // 60, 1_000_000, 1000, 1)
"""What times are rounded to, in microseconds."""
_UNITS = {10: 1_000_000, 13: 1000, 16: 1}
"""Digits of a Unix time of these years, and its unit in microseconds."""
_WRITTEN = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:([T ])(\d\d:\d\d)(:\d\d)?(?:\.(\d{1,6}))?)?(Z|[+-]\d\d:?\d\d|)", re.ASCII
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RANKS = (r"creat|added|first", r"chang|modif|updat|edit", r"used|access|opened")
_LOOK_BACK = 200 * _DAY
"""How much older than a single neighbour a row may be."""


@dataclass(frozen=True, slots=True)
class _Notation:
    """How one time is written; the whole column is written so."""

    unit: int = 0
    """Of a Unix time, in microseconds; 0: a date in words."""
    parts: tuple[str, str, bool, int] = ("", "", False, 0)
    """Separator, zone, whether seconds are there, digits of the fraction."""


def drawn(heading: Sequence[str], rows: Sequence[Sequence[str]], chance: random.Random) -> Mapping[int, str]:
    """Of each column of times: what stands in a row more. Columns of anything else are left out."""
    made: dict[int, str] = {}
    before: list[tuple[list[int], int]] = []
    order = sorted((rank, place) for place, name in enumerate(heading) if (rank := _rank(name)) is not None)
    for _, place in order:
        read = [_read(row[place]) for row in rows]
        full = [one for one in read if one]
        if len(full) < len(read) or not full or any(one[1] != full[0][1] for one in full):
            continue
        moments = [moment for moment, _ in full]
        same = next((new for column, new in before if column == moments), None)
        earliest = max((new for _, new in before), default=0)
        new = same if same is not None else _drawn(moments, earliest, chance)
        before.append((moments, new))
        made[place] = _written(new, full[0][1])
    return made


def _rank(name: str) -> int | None:
    """Of what happens first, next and last to a row."""
    return next(
        (rank for rank, pattern in enumerate(_RANKS) if re.search(pattern, name, re.IGNORECASE)), None
    )


def _drawn(moments: Sequence[int], earliest: int, chance: random.Random) -> int:
    """On a day between the others', at an hour at which one of them is, rounded as all of them are."""
    high = max(moments)
    low = max(min(moments) if min(moments) < high else high - _LOOK_BACK, earliest)
    step = next(one for one in _STEPS if all(moment % one == 0 for moment in moments))
    if low >= high:
        return low
    new = chance.randrange(low, high + 1) // _DAY * _DAY + chance.choice(moments) % _DAY
    new += chance.randrange(-_HOUR // 2, _HOUR // 2)
    new -= new % step
    return new if low <= new <= high else max(low, chance.randrange(low, high + 1) // step * step)


def _read(text: str) -> tuple[int, _Notation] | None:
    """Microseconds since 1970, and how they are written."""
    if text.isascii() and text.isdigit():
        unit = _UNITS.get(len(text))
        return (int(text) * unit, _Notation(unit)) if unit else None
    match = _WRITTEN.fullmatch(text)
    if not match:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    notation = _Notation(parts=(match[2] or "", match[6], bool(match[4]), len(match[5] or "")))
    # the wall clock of its zone, so that the same zone writes it again
    return (aware.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1), notation


def _written(moment: int, notation: _Notation) -> str:
    if notation.unit:
        return str(moment // notation.unit)
    separator, zone, seconds, digits = notation.parts
    when = _EPOCH + timedelta(microseconds=moment)
    if not separator:
        return f"{when:%Y-%m-%d}{zone}"
    fraction = f".{when:%f}"[: digits + 1] if digits else ""
    clock = f"{when:%H:%M:%S}" if seconds else f"{when:%H:%M}"
    return f"{when:%Y-%m-%d}{separator}{clock}{fraction}{zone}"
