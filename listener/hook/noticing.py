"""The hook: asks the filter about strings of a request, and reports those that are bait."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .filter_file import Filter, FilterError
from .reporter import Reporter, encoded
from .values import Value, forms

_LOOK_AGAIN = 512
"""Requests after which the filter file is looked at: a new one is taken up."""
_EVENTS = (
    ("login", re.compile(r"(?i)log-?in|sign-?in|session|token|auth")),
    ("signup", re.compile(r"(?i)sign-?up|register|join|subscribe")),
    ("search", re.compile(r"(?i)search|find|lookup")),
)
_LARGEST = 65_000
"""Bytes of a report; the listener takes a little more. A client chooses how much of it it fills, and must not keep it
from being taken by that: what is too large is made again with less."""
_SIZES = ((64, 2048), (16, 512), (8, 128))
"""Strings and facts of a report, and characters of a fact."""


class Hook:
    """One sensor in one application. Any thread may use it; a forked process goes on with it."""

    def __init__(self, filter_file: Path, reporter: Reporter) -> None:
        """Raises FilterError, OSError."""
        self._path, self.reporter = filter_file, reporter
        self._filter, self._stamp = Filter(filter_file), _stamp(filter_file)
        self._asked = 0

    @classmethod
    def load(
        cls,
        sensor_file: str | os.PathLike[str],
        filter_file: str | os.PathLike[str],
        *,
        spool: str | os.PathLike[str] | None = None,
        ca_file: str | None = None,
    ) -> Hook:
        """From the files of ``trapline sensors add`` and ``trapline sensors filter``.

        ``spool``: a file that need not be there, in a folder that the application may write, where reports are kept
        while the listener is away; without one, 1,000 are kept in memory. ``ca_file``: of the listener's certificate.
        """
        told: dict[str, Any] = json.loads(Path(sensor_file).read_text("utf-8"))
        kept = Path(spool) if spool is not None else None
        reporter = Reporter(told["name"], told["key"], told["report_to"], spool=kept, ca_file=ca_file)
        return cls(Path(filter_file), reporter)

    def bait(self, values: Iterable[Value]) -> list[Value]:
        """Those of the values that are bait. Asks the filter, and nobody else."""
        known = self._filter
        weak = known.weak
        return [item for item in values for form in forms(item[1], guessable=weak) if form in known]

    def look(self, values: Iterable[Value], event: str = "", **facts: object) -> bool:
        """Report those of the values that are bait; whether there are any. Never raises, and waits for nobody.

        ``facts``: what the application knows: ``account``, ``session``, ``client``, ``route`` ...
        """
        try:
            self.turn()
            found = self.bait(values)
            if found:
                self.report(found, event, facts)
        except Exception:  # noqa: BLE001  a sensor must never stop its application
            return False
        return bool(found)

    def report(self, found: Sequence[Value], event: str, facts: dict[str, object]) -> None:
        """Leave a report for the thread that sends it."""
        first = {value: (where, value) for where, value in reversed(found)}
        shown = list(
            dict.fromkeys([*reversed(first.values()), *found])
        )  # no bait hides behind another's many places
        said = [(str(name)[:128], value) for name, value in facts.items() if value not in (None, "")]
        report: dict[str, Any] = {
            "id": os.urandom(16).hex(),
            "at": datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "event": (event or named(str(facts.get("route") or "")))[:128],
        }
        for most, longest in _SIZES:
            report["found"] = [{"where": where[:128], "value": value} for where, value in shown[:most]]
            report["facts"] = {name: _plain(value, longest) for name, value in said[:most]}
            if len(encoded(report)) < _LARGEST:
                break
        self.reporter.put(report)

    def turn(self) -> None:
        """Once a request: take up a new filter file now and then. One that cannot be read leaves the old one in use."""
        self._asked += 1
        if self._asked % _LOOK_AGAIN:
            return
        try:
            stamp = _stamp(self._path)
            if stamp != self._stamp:
                self._filter, self._stamp = Filter(self._path), stamp
        except (OSError, FilterError, ValueError):
            return


def named(route: str) -> str:
    """What a request to this route is about, as far as its words say."""
    return next((name for name, words in _EVENTS if words.search(route)), "request")


def short(secret: str) -> str:
    """Stands for a session's id in reports: the same for the same id, which it does not give away."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()[:16] if secret else ""


def _stamp(path: Path) -> tuple[int, int, int]:
    state = path.stat()
    return state.st_mtime_ns, state.st_size, state.st_ino


def _plain(value: object, longest: int) -> str | int | bool:
    """A number that 64 bits do not hold goes as text."""
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return value
    return str(value)[:longest]
