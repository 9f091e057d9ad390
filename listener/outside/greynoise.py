"""GreyNoise Community: whether an address was seen scanning the internet at large, or belongs to a common service.

``GET /v3/community/IP`` (https://docs.greynoise.io/reference/getcommunityip); 404 with ``noise`` and ``riot`` false is
its word for "not seen".
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from canaries.core.text import visible
from listener.outside import AddressService, KeyedSettings, OutsideAnswer, OutsideError
from listener.outside._http import get

_TEXTS = ("classification", "name", "last_seen")
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class GreyNoiseSettings(KeyedSettings):
    """``[outside.greynoise]``."""

    url: str = "https://api.greynoise.io/v3/community"
    """Where it answers, without the address."""


class GreyNoise(AddressService):
    """Scanning seen of an address."""

    name = "greynoise"
    learns = "GreyNoise learns the address, and by the key that you are the one who asks."
    Settings = GreyNoiseSettings

    def __init__(self, settings: GreyNoiseSettings, home: Path) -> None:
        super().__init__(settings, home)
        self._key = settings.secret(home, self.name)

    def ask(self, subject: str) -> OutsideAnswer:
        host = urlsplit(self.settings.url).hostname or ""
        url = f"{self.settings.url.rstrip('/')}/{subject}"
        _, content = get(url, self.settings, headers={"key": self._key}, parameters={})
        seen = {name: content.get(name) for name in ("noise", "riot")}
        if content.get("ip") != subject or not all(isinstance(value, bool) for value in seen.values()):
            raise OutsideError(f"{host} answered with something else than a finding on the address")
        fact: dict[str, Any] = dict(seen)
        fact |= {
            name: visible(content[name], limit=_LONGEST)
            for name in _TEXTS
            if isinstance(content.get(name), str)
        }
        return OutsideAnswer(fact, (f"community {subject}",), host)
