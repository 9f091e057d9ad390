"""Whether the client is what it says: its claim against its headers, its handshake and its network.

A mismatch is evidence of a spoofed name, or of a TLS-inspecting proxy in between; what is not known is ``unknown``.
What programs really send is data with an origin (`listener.facts._fingerprints`), and so is what shows that a robot
is the service it names (`listener.facts._identities`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, cast

from listener.evidence import observed
from listener.evidence.derived import ConsistencyFact, Facts, Label
from listener.evidence.shared_record import NONE, SharedRecord, SharedRecords, shared
from listener.facts import Source, Use
from listener.facts._fingerprints import families
from listener.facts._identities import ELSEWHERE, identities

_CACHED = 512
"""Fewer than elsewhere: a key has all header names of a request, which a visitor may make long."""

_TOOLS = {"http_library", "sdk", "cli", "git"}

_ENGINE_FAMILIES = ("Chrome", "Firefox", "Safari")


@dataclass(frozen=True, slots=True)
class _Engine:
    name: str
    """As `data/fingerprints.csv` names it."""
    families: re.Pattern[str]
    """As the client source names them."""
    fetch_metadata: int
    """First version known to send Sec-Fetch-* over TLS."""


_ENGINES = (
    _Engine("Chrome", re.compile(r"(Chrome|Edge|Opera|Brave|Samsung Internet|Chromium|Vivaldi)"), 80),
    _Engine("Firefox", re.compile(r"Firefox"), 90),
    _Engine("Safari", re.compile(r"(Mobile )?Safari"), 17),
)


class _Claim(NamedTuple):
    """What the client source made of the User-Agent."""

    sort: str
    family: str
    major: str


class _Observation(NamedTuple):
    """What the request carried."""

    names: frozenset[str]
    """Of headers, in lower case."""
    order: str
    """Hash of the header names as sent."""
    secure: bool
    ja4: str
    hassh: str
    asn: int | None
    network: str
    """Class of the network."""
    labels: tuple[tuple[tuple[str, str], ...], ...]


class Consistency(Source):
    """Compares; each check is ``ok``, ``mismatch`` or ``unknown``."""

    name = "consistency"
    order = 30

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self._facts = SharedRecords(_CACHED)

    def derive(self, use: Use, facts: Facts) -> ConsistencyFact | None:
        client = facts.get("client")
        if client is None:
            return None
        said = shared(client)
        request = (
            observed.header_names(use.observed),
            use.sighting.tls is not None,
            observed.ja4(use.observed),
        )
        hassh = _text(use.observed.get("hassh"))
        whose = (shared(facts.get("network", NONE)), shared(facts.get("netclass", NONE)))
        return cast(
            ConsistencyFact,
            self._facts.get(
                (said, request, hassh, whose),
                lambda: _compare(_claim(said), _observation(said, request, hassh, whose)),
            ),
        )


def _claim(client: SharedRecord) -> _Claim:
    return _Claim(client["sort"], client["family"], client.get("version", "").partition(".")[0])


def _observation(
    client: SharedRecord,
    request: tuple[tuple[str, ...], bool, str],
    hassh: str,
    whose: tuple[SharedRecord, SharedRecord],
) -> _Observation:
    (names, secure, ja4), (network, netclass) = request, whose
    labels = netclass.get("labels") or ([_own_label(netclass)] if netclass.get("provider") else [])
    return _Observation(
        names=frozenset(name.lower() for name in names),
        order=client.get("header_order", ""),
        secure=secure,
        ja4=ja4,
        hassh=hassh,
        asn=network.get("asn"),
        network=netclass.get("class", "unknown"),
        labels=tuple(tuple(sorted(label.items())) for label in labels),
    )


def _own_label(netclass: SharedRecord) -> Label:
    return {name: str(netclass[name]) for name in ("class", "provider", "service") if netclass.get(name)}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _compare(claim: _Claim, seen: _Observation) -> ConsistencyFact:
    found = {
        "headers": _headers(claim, seen),
        "tls": _handshake(claim, seen),
        "network": _network(claim, seen),
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


def _headers(claim: _Claim, seen: _Observation) -> tuple[str, str]:
    known = families("header_order", seen.order)
    if known and claim.family in known:
        return "ok", ""
    if known and claim.sort in ("browser", "http_library"):  # an SDK sends what the library under it sends
        return "mismatch", f"says {claim.family}, but sends its header names as {_listed(known)} does"
    engine = _engine(claim)
    if engine is None or not seen.names:
        return "unknown", ""
    if "accept-language" not in seen.names:
        return (
            "mismatch",
            f"says {claim.family}, but sends no Accept-Language, which browsers send by default",
        )
    if not seen.secure or not claim.major.isdecimal() or int(claim.major) < engine.fetch_metadata:
        return "ok", ""  # Sec-Fetch-* goes to trustworthy origins only (Fetch Metadata, 2)
    if "sec-fetch-mode" not in seen.names:
        return "mismatch", f"says {claim.family} {claim.major}, but sends no Sec-Fetch-Mode over TLS"
    return "ok", ""


def _handshake(claim: _Claim, seen: _Observation) -> tuple[str, str]:
    """TLS by its JA4, SSH by its HASSH."""
    if seen.hassh:
        known = families("hassh", seen.hassh)
        if not known or not claim.family:
            return "unknown", ""
        if claim.family in known:
            return "ok", ""
        return "mismatch", f"says {claim.family}, but opens SSH as {_listed(known)} does"
    if seen.ja4.count("_") != 2:
        return "unknown", ""
    engine, known = _engine(claim), families("ja4", seen.ja4)
    if engine is None:
        if claim.sort not in _TOOLS or not known:
            return "unknown", ""
        if known <= set(_ENGINE_FAMILIES):
            return "mismatch", f"says {claim.family}, but shakes hands like {_listed(known)}"
        return "ok", ""
    if known and engine.name not in known:
        return "mismatch", f"says {claim.family}, but shakes hands like {_listed(known)}"
    if not seen.ja4.partition("_")[0].endswith("h2") and "sec-websocket-key" not in seen.names:
        return (
            "mismatch",
            f"says {claim.family}, but does not offer HTTP/2",
        )  # WebSockets offer http/1.1 alone
    return ("ok", "") if engine.name in known else ("unknown", "")


def _network(claim: _Claim, seen: _Observation) -> tuple[str, str]:
    """Whether a robot is the service it names: by published ranges and networks of its own only."""
    identity = identities().get(claim.family)
    if identity is None:
        return "unknown", ""
    shown = identity.confirmed((dict(label) for label in seen.labels), seen.asn)
    if shown:
        return "ok", f"says {claim.family}, and {shown}"
    if seen.network in ELSEWHERE:
        return "mismatch", f"says {claim.family}, but comes from a network of class {seen.network}"
    if identity.knowable and seen.asn is not None:
        return "mismatch", f"says {claim.family}, but its address is in no range known to be that service's"
    return "unknown", ""


def _listed(names: frozenset[str]) -> str:
    """``curl``, ``Wget or git``, ``HTTPX, Python Requests or others``."""
    first = sorted(names)
    return " or ".join(first) if len(first) < 3 else f"{first[0]}, {first[1]} or others"
