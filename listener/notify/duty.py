"""Who is on duty: a table of weekdays and hours, ``[duty.NAME]``, by which channels are told and incidents escalated.

A channel with ``duty = ["ann"]`` is told of incidents while Ann is on duty. In hours that nobody has, every such
channel is told: a gap in the table costs sleep, no alert.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from canaries.core import settings as binding
from canaries.core.clock import parse_rfc3339
from canaries.core.errors import SettingsError
from listener.incidents.briefing import time_zone

if TYPE_CHECKING:
    from canaries.core.settings import Settings
    from listener.notify.routing import Route

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = "|".join(_DAYS)
_SPAN = re.compile(
    rf"(?:(?P<first>{_DAY})(?:-(?P<last>{_DAY}))?)?\s*"
    r"(?:(?P<start>(?:[01]?\d|2[0-3]):[0-5]\d)-(?P<end>(?:[01]?\d|2[0-3]):[0-5]\d))?"
)
_MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class DutySpan:
    """Some hours of some weekdays."""

    days: frozenset[int]
    """On which it begins; Monday is 0."""
    start: time
    end: time
    """Local; not later than ``start``: on the next day."""

    def holds(self, local: datetime) -> bool:
        """Whether this moment is within."""
        clock, day = local.time(), local.weekday()
        if self.start < self.end:
            return day in self.days and self.start <= clock < self.end
        return (day in self.days and clock >= self.start) or ((day - 1) % 7 in self.days and clock < self.end)


@dataclass(frozen=True, slots=True)
class DutySettings:
    """A section ``[duty.NAME]``."""

    hours: tuple[str, ...]
    """When, in the operator's time zone: ``mon-fri 08:00-18:00``, ``sat-sun``, ``22:00-06:00``."""

    def __post_init__(self) -> None:
        for text in self.hours:
            span_of(text)


@dataclass(frozen=True, slots=True)
class Rota:
    """All sections."""

    hours: Mapping[str, tuple[str, ...]]
    """As the settings have them, by name."""
    spans: Mapping[str, tuple[DutySpan, ...]]
    zone: str
    """IANA name; empty: UTC."""

    def on_duty(self, at: str) -> list[str]:
        """Who is, at this moment (RFC 3339), by name."""
        local = parse_rfc3339(at).astimezone(time_zone(self.zone) or UTC)
        return sorted(name for name, spans in self.spans.items() if any(one.holds(local) for one in spans))

    def addressed(self, routes: Mapping[str, Route], at: str) -> set[str]:
        """Which of these channels are told at this moment."""
        here = set(self.on_duty(at))
        always = {name for name, route in routes.items() if not route.duty}
        bound = routes.keys() - always
        now = {name for name in bound if here & set(routes[name].duty)}
        return always | (now or bound)

    def require(self, channel: str, route: Route) -> None:
        """Raises SettingsError where the channel is for somebody whom the table does not have."""
        for name in route.duty:
            if name not in self.spans:
                raise SettingsError(
                    f"channels.{channel}.duty names {name!r}, who has no hours",
                    hint=f'add a section [duty.{name}] with hours = ["mon-fri 08:00-18:00"]',
                )


def rota(settings: Settings) -> Rota:
    """The table of the settings. Raises SettingsError."""
    hours = {
        name: binding.bind(DutySettings, section, f"duty.{name}").hours
        for name, section in settings.duty.items()
    }
    spans = {name: tuple(map(span_of, texts)) for name, texts in hours.items()}
    return Rota(hours, spans, settings.operator.timezone)


def span_of(text: str) -> DutySpan:
    """Of its text. Raises ValueError."""
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None or not found[0]:
        raise ValueError(f"{text!r} are no hours: write mon-fri 08:00-18:00, sat-sun or 22:00-06:00")
    days = frozenset(range(7))
    if found["first"]:
        first = _DAYS.index(found["first"])
        count = (_DAYS.index(found["last"] or found["first"]) - first) % 7 + 1
        days = frozenset((first + step) % 7 for step in range(count))
    if not found["start"]:
        return DutySpan(days, _MIDNIGHT, _MIDNIGHT)
    return DutySpan(days, _time(found["start"]), _time(found["end"]))


def _time(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))
