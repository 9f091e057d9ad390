"""Whether the client is what it says: its claim against its headers, its TLS handshake and its network.

The JA4 values were measured in November 2026: curl 7.88, Wget 1.21, Python 3.11, Node 20, git 2.39, Chromium 156,
Firefox ESR.
A mismatch is evidence of a spoofed name, or of a TLS-inspecting proxy in between; what is not known is ``unknown``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from listener.evidence import observed
from listener.facts import Source, Use

_CACHED = 512
"""Fewer than elsewhere: a key holds all header names of a request, which a visitor may make long."""

_TOOLS = {"http_library", "sdk", "cli", "git"}

_CHROMIUM = "8daaf6152771"
_FIREFOX = "86a278354501"
_LIBRARIES = {
    "e8f1e7e78f70": "OpenSSL 3 as curl sets it up",
    "d943125447b4": "OpenSSL 3 as curl sets it up",
    "85036bcba153": "OpenSSL as Python sets it up",
    "a33745022dd6": "OpenSSL as Node sets it up",
    "723694b0fccc": "GnuTLS",
}
"""Second part of a JA4 (hash of the sorted cipher suites) to the library that offers those."""


@dataclass(frozen=True, slots=True)
class _Engine:
    name: str
    families: re.Pattern[str]
    """As the client source names them."""
    fetch_metadata: int
    """First version known to send Sec-Fetch-* over TLS."""
    ciphers: str
    """Second part of its JA4, or empty where it was not measured."""


_ENGINES = (
    _Engine("Chromium", re.compile(r"(Chrome|Edge|Opera|Brave|Samsung Internet)"), 80, _CHROMIUM),
    _Engine("Firefox", re.compile(r"Firefox"), 90, _FIREFOX),
    _Engine("Safari", re.compile(r"(Mobile )?Safari"), 17, ""),
)

_HOMES: Mapping[str, frozenset[int]] = {
    "Googlebot": frozenset({15169}),
    "Gmail image proxy": frozenset({15169}),
    "Bingbot": frozenset({8075}),
    "Applebot": frozenset({714, 6185}),
    "Yandex": frozenset({13238, 208722}),
    "Facebook": frozenset({32934, 63293}),
    "Twitter": frozenset({13414}),
    "Telegram": frozenset({44907, 59930, 62014, 62041, 211157}),
    "Slack": frozenset({14618, 16509}),
}
"""Autonomous systems that these services fetch from, where that is well known."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """What the client source made of the User-Agent."""

    sort: str
    family: str
    major: str


class Consistency(Source):
    """Compares; each check is ``ok``, ``mismatch`` or ``unknown``."""

    name = "consistency"
    order = 30

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self._cached = lru_cache(_CACHED)(_compare)

    def derive(self, use: Use, facts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any] | None:
        client = facts.get("client")
        if client is None:
            return None
        claim = (client["sort"], client["family"], client.get("version", "").partition(".")[0])
        names = observed.header_names(use.observed)
        secure = use.sighting.tls is not None
        return self._cached(
            claim, names, secure, observed.ja4(use.observed), facts.get("network", {}).get("asn")
        )


def _compare(
    claimed: tuple[str, str, str], sent: tuple[str, ...], secure: bool, ja4: str, asn: int | None
) -> dict[str, Any]:
    claim, names = _Claim(*claimed), frozenset(name.lower() for name in sent)
    found = {
        "headers": _headers(claim, names, secure),
        "tls": _tls(claim, names, ja4),
        "network": _network(claim, asn),
    }
    results = [result for result, _ in found.values()]
    return {
        "source": "trapline",
        "result": "mismatch" if "mismatch" in results else "ok" if "ok" in results else "unknown",
        "checks": {name: result for name, (result, _) in found.items()},
        "reasons": [reason for _, reason in found.values() if reason],
    }


def _engine(claim: _Claim) -> _Engine | None:
    """What a client that says it is a browser ought to be."""
    if claim.sort != "browser":
        return None
    return next((engine for engine in _ENGINES if engine.families.match(claim.family)), None)


def _headers(claim: _Claim, names: frozenset[str], secure: bool) -> tuple[str, str]:
    engine = _engine(claim)
    if engine is None or not names:
        return "unknown", ""
    if "accept-language" not in names:
        return "mismatch", f"says {claim.family}, but sends no Accept-Language, which browsers always do"
    if not secure or not claim.major.isdecimal() or int(claim.major) < engine.fetch_metadata:
        return "ok", ""  # Sec-Fetch-* goes to trustworthy origins only (Fetch Metadata, 2)
    if "sec-fetch-mode" not in names:
        return "mismatch", f"says {claim.family} {claim.major}, but sends no Sec-Fetch-Mode over TLS"
    return "ok", ""


def _tls(claim: _Claim, names: frozenset[str], ja4: str) -> tuple[str, str]:
    parts = ja4.split("_")
    if len(parts) != 3:
        return "unknown", ""
    engine, library = _engine(claim), _LIBRARIES.get(parts[1])
    seen = {_CHROMIUM: "Chromium", _FIREFOX: "Firefox"}.get(parts[1])
    if engine is None:
        if claim.sort not in _TOOLS or not (seen or library):
            return "unknown", ""
        return ("mismatch", f"says {claim.family}, but shakes hands like {seen}") if seen else ("ok", "")
    if library or (seen and engine.ciphers and seen != engine.name):
        return "mismatch", f"says {claim.family}, but shakes hands like {library or seen}"
    if (
        not parts[0].endswith("h2") and "sec-websocket-key" not in names
    ):  # WebSockets are offered http/1.1 alone
        return "mismatch", f"says {claim.family}, but does not offer HTTP/2"
    return ("ok", "") if seen == engine.name else ("unknown", "")


def _network(claim: _Claim, asn: int | None) -> tuple[str, str]:
    expected = _HOMES.get(claim.family)
    if expected is None or asn is None:
        return "unknown", ""
    if asn in expected:
        return "ok", f"says {claim.family}, and comes from AS{asn}, where that service is"
    return "mismatch", f"says {claim.family}, but comes from AS{asn}"
