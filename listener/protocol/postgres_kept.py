"""What a session of PostgreSQL has set for itself: SHOW tells it, and drivers are told of some settings unasked.

Held beside release 15.20. What a transaction has set goes back with it, and SET LOCAL at its end.
"""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from listener.protocol import postgres_settings
from listener.protocol.sql_values import SqlValue

_SET = re.compile(
    r"set\s+(?:session\s+|(?P<local>local\s+))?(?:(?P<zone>time\s+zone)|(?P<names>names)|(?P<name>[\w.\"]+)\s*(?:=|\bto\b))\s*(?P<value>.+)$",
    re.I | re.S,
)
_RESET = re.compile(r"reset\s+(?P<name>[\w.\"]+)|discard\s+all$", re.I)
_REPORTED = {
    name.lower(): name
    for name in (
        "application_name", "client_encoding", "DateStyle", "default_transaction_read_only", "IntervalStyle",
        "standard_conforming_strings", "TimeZone",
    )
}  # fmt: skip
"""Settings that ParameterStatus tells of where they change."""
_TIMES = frozenset(
    "statement_timeout lock_timeout idle_in_transaction_session_timeout idle_session_timeout".split()
)
_UNITS = (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000), ("ms", 1))
_YES, _NO = ("on", "true", "yes", "1"), ("off", "false", "no", "0")
_ENCODINGS = {
    "utf8": "UTF8",
    "unicode": "UTF8",
    "latin1": "LATIN1",
    "sqlascii": "SQL_ASCII",
    "win1252": "WIN1252",
}
_USUAL = {"client_encoding": "UTF8", "datestyle": "ISO, MDY", "intervalstyle": "postgres"}
_NO_SETTINGS = frozenset({"user", "database", "replication", "options"})
_MOST, _LONGEST = 64, 256
_MOST_UNDONE = 256
"""Changes that a transaction takes back; what is set behind them stays."""
_PART = re.compile(r"'((?:[^']|'')*)'|\"([^\"]*)\"|([^,\s'\"][^,'\"]*)")


@cache
def _zones() -> frozenset[str]:
    """Looked for once: this walks folders."""
    return frozenset(zoneinfo.available_timezones())


@dataclass(frozen=True, slots=True)
class _Change:
    name: str
    before: SqlValue
    """None: as the session began."""
    value: SqlValue
    local: bool


class KeptSettings:
    """Those of one connection."""

    def __init__(self) -> None:
        self.usual = dict(_USUAL)
        """Lower-case name to what the session began with, where that is not the server's own."""
        self.values: dict[str, SqlValue] = {}
        """Lower-case name to what SHOW says."""
        self._changed: dict[str, str] = {}
        self._told: dict[str, str] = {}
        self._done: list[_Change] = []
        """What was set since the transaction began."""

    def begin(self, zone: str, asked: Mapping[str, str]) -> None:
        """``zone``: the server's; ``asked``: what the client wants of its session from the start."""
        self.usual["timezone"] = zone
        for name, value in asked.items():
            if name not in _NO_SETTINGS and len(self.usual) < _MOST:
                self.usual[name.lower()] = _normal(name.lower(), value[:_LONGEST])

    def take(self, statement: str, *, inside: bool = False) -> None:
        """A statement that is done; what is no SET, RESET or DISCARD changes nothing. ``inside``: a transaction."""
        if reset := _RESET.match(statement):
            name = (reset["name"] or "all").strip('"').lower()
            for one in list(self.values) if name == "all" else [name]:
                self._change(one, None, inside=inside)
        elif found := _SET.match(statement):
            name = "timezone" if found["zone"] else "client_encoding" if found["names"] else found["name"]
            name, said = name.strip('"').lower(), found["value"].strip()[:_LONGEST]
            local = bool(found["local"])
            if said.lower() in ("default", "local"):
                self._change(name, None, inside=inside, local=local)
            elif inside or not local:
                self._change(name, _normal(name, said), inside=inside, local=local)

    def mark(self) -> int:
        """How much was set up to now."""
        return len(self._done)

    def back(self, mark: int) -> None:
        """Take back what was set behind the mark."""
        while len(self._done) > mark:
            change = self._done.pop()
            self._put(change.name, change.before)

    def end(self, *, committed: bool) -> None:
        """The transaction is over."""
        if not committed:
            self.back(0)
        for name in {change.name for change in self._done if change.local}:
            of_it = [change for change in self._done if change.name == name]
            lasting = [change.value for change in of_it if not change.local]
            self._put(name, lasting[-1] if lasting else of_it[0].before)
        self._done.clear()

    def _change(self, name: str, value: SqlValue, *, inside: bool, local: bool = False) -> None:
        """None: as it was from the start."""
        if value is not None and name not in self.values and len(self.values) >= _MOST:
            return
        if inside and len(self._done) < _MOST_UNDONE:
            self._done.append(_Change(name, self.values.get(name), value, local))
        self._put(name, value)

    def _put(self, name: str, value: SqlValue) -> None:
        if value is not None:
            self.values[name] = value
            self._report(name, str(value))
        elif self.values.pop(name, None) is not None:
            self._report(name, self._first(name))

    def zone(self, usual: str) -> str:
        """In which times are told."""
        name = str(self.values.get("timezone") or self.usual.get("timezone", usual))
        return name if name == usual or name in _zones() else usual

    def changed(self) -> dict[str, str]:
        """Settings that drivers are to be told of, once and where they are not what they were, as the server spells
        them."""
        found = {}
        for name, value in self._changed.items():
            if value != self._told.get(name, self._first(name)):
                self._told[name] = found[_REPORTED[name]] = value
        self._changed.clear()
        return found

    def _first(self, name: str) -> str:
        shown = self.usual.get(name) or postgres_settings.shown(name)
        return shown if isinstance(shown, str) else ""

    def _report(self, name: str, value: str) -> None:
        if name in _REPORTED:
            self._changed[name] = value


def _normal(name: str, said: str) -> str:
    """A value as SHOW writes it."""
    parts = [
        (found[1].replace("''", "'"), False)
        if found[1] is not None
        else ((found[2] if found[2] is not None else found[3].strip()), found[2] is not None)
        for found in _PART.finditer(said)
    ]
    if name == "search_path":
        return ", ".join(f'"{word}"' if quoted else word for word, quoted in parts)
    value = ", ".join(word for word, _ in parts)
    lower = value.lower()
    if name in _TIMES and (found := re.fullmatch(r"(\d{1,12})\s*(ms|s|min|h|d)?", lower)):
        count = int(found[1]) * dict(_UNITS)[found[2] or "ms"]
        unit, size = next((one for one in _UNITS if count % one[1] == 0), _UNITS[-1])
        return f"{count // size}{unit}" if count else "0"
    usual = postgres_settings.shown(name)
    if usual in ("on", "off") and lower in (*_YES, *_NO):
        return "on" if lower in _YES else "off"
    if name == "client_encoding":
        return _ENCODINGS.get(re.sub(r"[^a-z0-9]", "", lower), value.upper())
    if name == "datestyle":
        return _date_style(lower)
    return lower if name == "intervalstyle" else value


def _date_style(said: str) -> str:
    form = next((one for one in ("ISO", "SQL", "Postgres", "German") if one.lower() in said), "ISO")
    order = "DMY" if form == "German" else "MDY"
    for word, meant in (("ymd", "YMD"), ("dmy", "DMY"), ("euro", "DMY"), ("mdy", "MDY"), ("us", "MDY")):
        if re.search(rf"\b{word}", said):
            order = meant
            break
    return f"{form}, {order}"
