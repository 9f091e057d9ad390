"""A hit as exchange formats see it: observed, claimed and derived apart, every text of a visitor made visible."""

from __future__ import annotations

import ipaddress
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from canaries.core.clock import ClockReading
from canaries.core.text import visible
from listener.dossier.case_records import Event
from listener.evidence import observed
from listener.incidents.briefing import is_credential
from listener.incidents.uses import mark
from listener.incidents.wording import Origin, clock, origin, whence

_NAMESPACE = uuid.UUID("6d0f9a4e-7f0f-5d0a-9d51-5d1a1c2b7f10")
"""For ids that are made from a case's own (RFC 9562, 5.5): the same hit has the same id in every export."""

LIMIT = 400
"""Characters of a visitor's text; all of it is in the dossier."""


@dataclass(frozen=True, slots=True)
class ExchangeEvent:
    """One hit."""

    id: str
    index: int
    """Its place in the log."""
    leaf: str
    """Its leaf hash, hexadecimal."""
    at: str
    clock: str
    """How good the clock was."""
    clock_state: ClockReading
    """The same as data."""
    origin: Origin
    whence: str
    """The address in words that say how it is known."""
    ip: str
    """The address that the hit is counted under; empty where it is none."""
    port: int
    """0: not known."""
    peer_ip: str
    """The other end of the connection: always observed."""
    peer_port: int
    local_ip: str
    local_port: int
    transport: str
    canary: str
    kind: str
    facet: str
    trap: str
    credential: bool
    method: str
    target: str
    host: str
    client: str
    """What the client says it is: a claim."""
    request: str
    raw_sha256: str
    facts: Mapping[str, Any]
    """Derived, by source."""
    severity: str
    """By rule; empty where none was derived."""
    mark: str
    """``own`` or ``test`` where an operator's rule marks the hit as such; else empty."""
    robot: bool
    """Whether the verdict takes it for a preview, gateway, crawler, scanner or monitor, by its address too."""
    reachable: bool
    """Whether the address is one of the internet, which somebody outside answers for."""


def exchange_event(event: Event) -> ExchangeEvent:
    """The hit of a case, ready for exchange."""
    body, facts = event.body, event.facts
    seen = body["observed"]
    return ExchangeEvent(
        id=event.hit.id,
        index=event.hit.seq or 0,
        leaf=event.hit.leaf.hex(),
        at=body["observed_at"],
        clock=clock(body["clock"]),
        clock_state=body["clock"],
        origin=origin(body),
        whence=_shown(whence(body)),
        ip=ip_of(body["source"]["ip"]),
        port=body["source"]["port"],
        peer_ip=ip_of(body["peer"]["ip"]),
        peer_port=body["peer"]["port"],
        local_ip=ip_of(body["local"]["ip"]),
        local_port=body["local"]["port"],
        transport=body["transport"],
        canary=body["canary"],
        kind=body["kind"],
        facet=body["facet"],
        trap=body["trap"],
        credential=is_credential(body["facet"]),
        method=_shown(seen.get("method", "")),
        target=_shown(seen.get("target", "")),
        host=_shown(seen.get("host", "")),
        client=_shown(observed.client(seen)),
        request=_shown(observed.request(seen)),
        raw_sha256=body["raw_sha256"],
        facts=_visible(facts),
        severity=str(facts.get("verdict", {}).get("severity", "")),
        mark=_shown(mark(facts)),
        robot=str(facts.get("verdict", {}).get("kind", "")).startswith("likely_"),
        reachable=facts.get("network", {}).get("scope", "global") == "global",
    )


def ip_of(text: str) -> str:
    """The address in its plain form, without the interface it came by, or nothing where it is none."""
    try:
        return str(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return ""


def uid(*parts: str) -> str:
    """A UUID that follows from these parts alone."""
    return str(uuid.uuid5(_NAMESPACE, "\0".join(parts)))


def encoded(value: object) -> bytes:
    """JSON in ASCII, keys sorted, and a newline."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _shown(value: object) -> str:
    return visible(str(value), limit=LIMIT)


def _visible(value: Any) -> Any:
    """The same JSON value with every text made visible."""
    if isinstance(value, str):
        return _shown(value)
    if isinstance(value, Mapping):
        return {_shown(name): _visible(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_visible(item) for item in value]
    return value
