"""What an address of bait without a catch domain looks like: the path of some gateway before a service, with an id.

    http://192.0.2.7:8080/gateway/openai/3f2b8c1e9d7a4b60a1c2d3e4f5061728/v1

Which words stand before the id, and of which form the id is, follows from the installation's ``front`` key: the front
takes that beginning away before an imitated service looks at the path. All forms are those of many products (tenants,
accounts, projects, shares), so that no expression tells bait of this product from other addresses.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from functools import lru_cache

from canaries.crypto.seeded_random import BASE62, HEX, SeededRandom

_WORDS: tuple[tuple[str, ...], ...] = (
    ("{}",),
    ("gateway", "{}"),
    ("proxy", "{}"),
    ("internal", "{}"),
    ("int", "{}"),
    ("ext", "{}"),
    ("svc", "{}"),
    ("services", "{}"),
    ("integrations", "{}"),
    ("apps", "{}"),
    ("{}", "t"),
    ("{}", "tenants"),
    ("{}", "accounts"),
    ("{}", "projects"),
    ("{}", "org"),
    ("t",),
    ("tenant",),
    ("accounts",),
    ("project",),
    ("workspace",),
)
"""What stands before the id; ``{}`` is the service's name."""
_IDS = {
    "hex": "[0-9a-f]{32}",
    "uuid": "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "base62": "[0-9A-Za-z]{22}",
}
_SERVICE = "[a-z0-9]{1,16}"


@dataclass(frozen=True, slots=True)
class SitePath:
    """The form of one installation's addresses."""

    words: tuple[str, ...]
    """Before the id; ``{}`` is the service's name."""
    form: str
    """Of the id: ``hex``, ``uuid`` or ``base62``; each holds at least 122 bits."""

    def raw_id(self, stream: SeededRandom, purpose: str) -> tuple[str, str]:
        """An id without hyphens, and the alphabet of its last character."""
        if self.form == "base62":
            return stream.text(purpose, BASE62, 22), BASE62
        digits = stream.draw_bytes(purpose, 16).hex()
        if self.form == "uuid":  # RFC 9562, version 4
            digits = f"{digits[:12]}4{digits[13:16]}{'89ab'[int(digits[16], 16) % 4]}{digits[17:]}"
        return digits, HEX

    def written(self, digits: str) -> str:
        """The id as it stands in an address."""
        if self.form != "uuid":
            return digits
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def place(self, service: str, written: str) -> str:
        """The path before what the service itself would see: ``/gateway/openai/ID``."""
        return _before(self.words, service) + written

    def pattern(self) -> re.Pattern[str]:
        """Matches such a beginning of a path."""
        words = "/".join(_SERVICE if word == "{}" else word for word in self.words)
        return re.compile(rf"/{words}/{_IDS[self.form]}(?=/|\Z)")


@lru_cache(maxsize=256)
def _before(words: tuple[str, ...], service: str) -> str:
    return f"/{'/'.join(words).replace('{}', service)}/"


@lru_cache(maxsize=64)
def site_path(front_key: bytes) -> SitePath:
    """That of the installation with this ``front`` key."""
    stream = SeededRandom(hmac.new(front_key, b"site path", hashlib.sha256).digest())
    return SitePath(stream.pick("words", _WORDS), stream.pick("form", tuple(_IDS)))
