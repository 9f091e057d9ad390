"""Words for where a hit came from, one for each way of knowing it: observed, named by a proxy or by the operator's own
application or log, asked by a resolver.

Every page, alert and report takes them from here, so that a claim is nowhere called an observation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from canaries.core.clock import ClockReading
from listener.evidence.shapes import Endpoint, Via, Whence

Origin = Literal["observed", "claimed", "reported", "resolver", "relay"]

LABELS: Mapping[Origin, str] = {
    "observed": "Connection from",
    "claimed": "Named by the operator's proxy",
    "reported": "Reported by the operator's application, log or mailbox",
    "resolver": "Name server that asked",
    "relay": "Mail server that delivered",
}


def origin(body: Whence) -> Origin:
    """What the address of a *hit* entry is: the peer's, a proxy's or an application's word, or a server's between."""
    if reported(body.get("via"), body["source"]):
        return "reported"
    if body.get("via") and body.get("source") != body.get("peer"):
        return "claimed"
    if body.get("trap") == "dns":
        return "resolver"
    if body.get("trap") == "smtp" and body.get("facet") == "email":
        return "relay"
    return "observed"


def address(end: Endpoint) -> str:
    """``203.0.113.7 port 50123``: the port always, without it a provider cannot tell its customers apart."""
    return f"{end['ip']} port {end['port'] or 'not known'}"


def not_observed(body: Whence) -> str:
    """Where a hit came from, where that is not simply the peer that a trap saw; else empty."""
    via = body.get("via")
    plain = origin(body) == "observed" and (not via or via.get("client"))
    return "" if plain else whence(body)


def whence(body: Whence) -> str:
    """Where a hit came from, after "from"."""
    if said := reported(body.get("via"), body["source"]):
        return said
    source = address(body["source"])
    match origin(body):
        case "claimed":
            return f"{source}, named by the operator's proxy {body['peer']['ip']}"
        case "resolver":
            return f"{source}, a name server that asked for somebody"
        case "relay":
            return f"{source}, a mail server that delivered for somebody"
    if (via := body.get("via")) and not via.get("client"):
        return f"{source}, the operator's proxy, which named no client"
    return source


def reported(via: Via | None, source: Endpoint) -> str:
    """Who reported a hit that no trap saw, and which address they named; empty where a trap saw it."""
    if not via or via.get("how") not in ("sensor", "provider_log", "mailbox"):
        return ""
    name = ", ".join(via["chain"])
    if via["how"] == "mailbox":
        return (
            f"the operator's mailbox {name} at a provider, whose servers are named in the message's headers"
        )
    log = via["how"] == "provider_log"
    if not via.get("client"):
        return f"the operator's {'log' if log else 'application'} {name}, which named no client"
    if log:
        return f"{address(source)}, as the operator's log {name} says"
    return f"{source['ip']}, as the operator's application {name} reported"


def clock(state: ClockReading | None) -> str:
    """How good the clock was that gave a time."""
    found = state or ClockReading()
    if found.get("source") != "ntp":
        return "clock not known to be right"
    offset = found.get("offset_us")
    return "clock synchronised" if offset is None else f"clock synchronised, estimated error {offset} µs"


def clocks(states: Iterable[ClockReading | None]) -> str:
    """How good the clock was over many events: one phrase a state, with how many were in it where there are several."""
    count: dict[str, int] = {}
    error: dict[str, int] = {}
    for state in states:
        found = state or ClockReading()
        offset = found.get("offset_us") if found.get("source") == "ntp" else None
        said = "clock synchronised" if offset is not None else clock(state)
        count[said] = count.get(said, 0) + 1
        if offset is not None:
            error[said] = max(error.get(said, 0), abs(offset))
    phrases = []
    for said, uses in sorted(count.items()):
        bound = f", estimated error at most {error[said]} µs" if said in error else ""
        phrases.append(f"{said}{bound}" + (f" ({uses} of {sum(count.values())})" if len(count) > 1 else ""))
    return "; ".join(phrases)
