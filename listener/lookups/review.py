"""The weekly review: which week, what a reviewer found, that a list was shown or given out. Each is an entry."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from canaries.core import files
from canaries.core.clock import rfc3339
from canaries.core.errors import TraplineError
from listener.lookups.listing import LookupFilter, resolve

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from canaries.ledger.entries import Kind

OUTCOMES = ("fine", "asked", "escalated")
"""In order, asked the person, handed on to somebody else."""
LONGEST_NOTE = 1_000
_WEEK = re.compile(r"(\d{4})-W(\d{2})")


def week_filter(week: str, now: datetime, who: str = "") -> LookupFilter:
    """Of an ISO week (``2026-W48``), Monday to Sunday in UTC; empty: the one before ``now``. Raises TraplineError."""
    year, number = _year_and_week(week or week_before(now))
    try:
        monday = date.fromisocalendar(year, number, 1)
    except ValueError:
        raise TraplineError(f"there is no week {week}", hint="write it as 2026-W48") from None
    begin = datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
    return LookupFilter(rfc3339(begin), rfc3339(begin + timedelta(days=7)), who)


def week_before(now: datetime) -> str:
    """The last whole week."""
    return _name((now - timedelta(days=7)).date())


def neighbour(week: str, by: int) -> str:
    """The week that many weeks later; empty where the calendar ends. Raises TraplineError where ``week`` is none."""
    try:
        return _name(date.fromisocalendar(*_year_and_week(week), 1) + timedelta(weeks=by))
    except (ValueError, OverflowError):
        return ""


def record_outcome(home: Home, prefixes: Sequence[str], outcome: str, note: str = "") -> list[str]:
    """What the operator found of these look-ups: an entry. Raises NotFoundError, TraplineError; then there is none."""
    if outcome not in OUTCOMES:
        raise TraplineError(f"{outcome!r} is not an outcome", hint=f"choose from: {', '.join(OUTCOMES)}")
    if len(note) > LONGEST_NOTE:
        raise TraplineError(f"a note has {LONGEST_NOTE} characters at most", hint="shorten it")
    ids = list(dict.fromkeys(resolve(home, prefix) for prefix in prefixes))
    body = {"section": "lookups", "reviewed": ids, "outcome": outcome, "note": note.strip()}
    _put(home, "setting", body)
    return ids


def reveal(home: Home, about: str, count: int, reason: str) -> None:
    """That queries and records of look-ups are shown in full: an entry, before they are. Raises TraplineError."""
    if not reason.strip():
        raise TraplineError(
            "say why queries and records are shown, which is kept in the ledger", hint="--full --reason WHY"
        )
    _put(home, "revealed", {"what": "lookups", "about": about, "count": count, "reason": reason.strip()})


def export(home: Home, out: Path, content: bytes, about: str, count: int) -> None:
    """Write a new file; an entry says so. Raises TraplineError where it is there already or cannot be written."""
    digest = hashlib.sha256(content).hexdigest()
    body = {"what": "lookups", "about": about, "file": out.name, "sha256": digest, "count": count}
    said = home.act("exported", body)
    try:
        with home.store.write() as connection, files.draft(out, new=True) as file:
            file.write(content)
            home.writer.put(connection, said)
    except FileExistsError:
        raise TraplineError(f"{out} is there already", hint="give another name with --out") from None
    except OSError as error:
        raise TraplineError(f"{out} cannot be written: {error.strerror}") from error


def _year_and_week(week: str) -> tuple[int, int]:
    found = _WEEK.fullmatch(week.strip().upper())
    if found is None:
        raise TraplineError(f"{week!r} is not a week", hint="write it as 2026-W48")
    return int(found[1]), int(found[2])


def _name(day: date) -> str:
    found = day.isocalendar()
    return f"{found.year:04d}-W{found.week:02d}"


def _put(home: Home, kind: Kind, body: Mapping[str, object]) -> None:
    said = home.act(kind, body)
    with home.store.write() as connection:
        home.writer.put(connection, said)
