"""AbuseIPDB: what others reported of an address (https://docs.abuseipdb.com/#check-endpoint), with the operator's key.

A report is a claim of whoever made it; the score counts claims. It says nothing of who uses the address now.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from canaries.core.text import visible
from listener.outside import AddressService, KeyedSettings, OutsideAnswer, OutsideError
from listener.outside._http import get

_TEXTS = ("usageType", "isp", "domain", "lastReportedAt")
_NUMBERS = ("abuseConfidenceScore", "totalReports", "numDistinctUsers")
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class AbuseIpdbSettings(KeyedSettings):
    """``[outside.abuseipdb]``."""

    url: str = "https://api.abuseipdb.com/api/v2/check"
    """Where it answers."""
    days: int = 90
    """Reports as old as this are counted: 1 to 365."""

    def __post_init__(self) -> None:
        KeyedSettings.__post_init__(self)
        if not 1 <= self.days <= 365:
            raise ValueError("days must be 1 to 365")


class AbuseIpdb(AddressService):
    """Reports of an address."""

    name = "abuseipdb"
    learns = "AbuseIPDB learns the address, and by the key that you are the one who asks."
    Settings = AbuseIpdbSettings

    def __init__(self, settings: AbuseIpdbSettings, home: Path) -> None:
        super().__init__(settings, home)
        self._key = settings.secret(home, self.name)

    def ask(self, subject: str) -> OutsideAnswer:
        host = urlsplit(self.settings.url).hostname or ""
        asked = {"ipAddress": subject, "maxAgeInDays": str(self.settings.days)}
        status, content = get(self.settings.url, self.settings, headers={"Key": self._key}, parameters=asked)
        data: Any = content.get("data")
        if status != 200 or not isinstance(data, dict):
            raise OutsideError(f"{host} answered with something else than a report")
        fact: dict[str, Any] = {
            name: data[name]
            for name in _NUMBERS
            if isinstance(data.get(name), int) and not isinstance(data[name], bool)
        }
        if "abuseConfidenceScore" not in fact:
            raise OutsideError(f"{host} answered with something else than a report")
        fact |= {
            name: visible(data[name], limit=_LONGEST) for name in _TEXTS if isinstance(data.get(name), str)
        }
        return OutsideAnswer(fact, (f"check {subject}, {self.settings.days} days",), host)
