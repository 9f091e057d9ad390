"""When the use came: how long after minting and planting, first or not, which hour of the week in UTC.

The delay from planting to the first use is the strongest sign that one hit can give: seconds after a publication are
machines harvesting, seconds after a mail are gateways, months in a private place are a breach. Intervals are integers
of microseconds: entries hold no floats.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from canaries.core.clock import parse_rfc3339
from listener.evidence.derived import Facts, TimingFact
from listener.facts import Source, Use

_MICROSECOND = timedelta(microseconds=1)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Timing(Source):
    """Works on the times alone."""

    name = "timing"
    order = 10

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self._moment = lru_cache(4096)(parse_rfc3339)

    def derive(self, use: Use, facts: Facts) -> TimingFact | None:
        at = parse_rfc3339(use.observed_at)
        fact: TimingFact = {
            "source": "trapline",
            "first_use": use.first_use,
            "since_minted_us": self._since(use.created_at, at),
            "weekday": _DAYS[at.weekday()],
            "hour_utc": at.hour,
        }
        if use.planted_at:
            fact["since_planted_us"] = self._since(use.planted_at, at)
        if use.first_use:
            fact["first_use_delay_us"] = fact.get("since_planted_us", fact["since_minted_us"])
        if use.expires_at:
            fact["expired"] = at > self._moment(use.expires_at)
        return fact

    def _since(self, earlier: str, at: datetime) -> int:
        return (at - self._moment(earlier)) // _MICROSECOND
