"""Which channel takes which alert, and when: settings that every ``[channels.NAME]`` section may have.

What a channel must not send now (quiet hours, or too many messages in an hour) is folded into one message that goes
later; nothing is left out of its counts. What is ``urgent`` has an allowance of its own, so that nobody hides a theft
behind noise they make themselves.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from canaries.core import settings
from canaries.core.clock import parse_rfc3339, rfc3339
from listener.incidents.briefing import rank, time_zone
from listener.notify.channels import Alert

FOLD_SECONDS = 300
"""What comes above the allowance is told in one message as often as this."""

_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)")

Severity = Literal["low", "medium", "high", "critical"]


@dataclass(frozen=True, slots=True)
class Route:
    """What every channel's section may say beside its own settings."""

    min_severity: Severity = "low"
    """Only alerts of at least this severity."""
    kinds: tuple[str, ...] = ()
    """Only alerts about these kinds; empty: all."""
    tags: tuple[str, ...] = ()
    """Only alerts about canaries with one of these tags; empty: all."""
    owners: tuple[str, ...] = ()
    """Only alerts about canaries of these owners; empty: all."""
    quiet_hours: str = ""
    """``22:00-07:00`` in the operator's time zone: what is not urgent then goes as one message at the end of them."""
    urgent: Severity = "high"
    """From this severity on, quiet hours do not hold, and the allowance is a second, equal one."""
    messages_an_hour: int = 60
    """More messages than this in an hour are told together, every five minutes."""

    escalate_minutes: int = 0
    """Only incidents that nobody has acknowledged, snoozed or closed for so many minutes; 0: each at once."""
    duty: tuple[str, ...] = ()
    """Only while one of these is on duty, by ``[duty.NAME]``, or nobody is; empty: at all hours."""

    def __post_init__(self) -> None:
        if not 0 <= self.escalate_minutes <= 1_440:
            raise ValueError("escalate_minutes must be between 0 and 1440")
        if self.quiet_hours and not _HOURS.fullmatch(self.quiet_hours):
            raise ValueError("quiet_hours must look like 22:00-07:00")
        if not 1 <= self.messages_an_hour <= 100_000:
            raise ValueError("messages_an_hour must be between 1 and 100000")

    def takes(self, alert: Alert) -> bool:
        """Whether this alert is for the channel. What is about Trapline itself always is."""
        if not concerns_incident(alert):
            return True
        return (
            rank(alert.severity) >= rank(self.min_severity)
            and (not self.kinds or alert.kind in self.kinds)
            and (not self.tags or bool(set(self.tags) & set(alert.tags)))
            and (not self.owners or alert.owner in self.owners)
        )

    def is_urgent(self, alert: Alert) -> bool:
        """Whether it may wake somebody."""
        return rank(alert.severity) >= rank(self.urgent)

    def quiet_until(self, now: str, zone: str) -> str:
        """The end of the quiet hours that hold now, RFC 3339; empty where none do."""
        match = _HOURS.fullmatch(self.quiet_hours)
        if match is None:
            return ""
        local = parse_rfc3339(now).astimezone(time_zone(zone) or UTC)
        start, end = (int(match[1]), int(match[2])), (int(match[3]), int(match[4]))
        clock = (local.hour, local.minute)
        inside = start <= clock < end if start <= end else clock >= start or clock < end
        return rfc3339(_next(local, end)) if inside else ""

    def due_at(self, alert: Alert, sent: int, now: str, zone: str) -> str:
        """When it may go, RFC 3339, after ``sent`` messages in the last hour: ``now``, or later with others."""
        if not concerns_incident(alert):
            return now
        urgent = self.is_urgent(alert)
        quiet = "" if urgent else self.quiet_until(now, zone)
        if quiet:
            return quiet
        if sent < self.messages_an_hour * (2 if urgent else 1):
            return now
        return rfc3339(parse_rfc3339(now) + timedelta(seconds=FOLD_SECONDS))


NAMES = frozenset(field.name for field in dataclasses.fields(Route))


def concerns_incident(alert: Alert) -> bool:
    """False for what Trapline says of itself."""
    return alert.event in ("first", "stronger", "digest", "flood", "summary")


def split(name: str, section: Mapping[str, Any]) -> tuple[Route, dict[str, Any]]:
    """A channel's section as its route and the rest, its own settings. Raises SettingsError."""
    mine = {key: value for key, value in section.items() if key in NAMES}
    rest = {key: value for key, value in section.items() if key not in NAMES}
    return settings.bind(Route, mine, f"channels.{name}"), rest


def _next(local: datetime, at: tuple[int, int]) -> datetime:
    moment = local.replace(hour=at[0], minute=at[1], second=0, microsecond=0)
    return moment if moment > local else moment + timedelta(days=1)
