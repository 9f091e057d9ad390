"""A case that tempts an exporter: hostile text everywhere, a proxy's word, a resolver, a mail server, no address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from canaries.ledger.entries import Entry, canonical
from listener.dossier.case import Case
from listener.dossier.case_records import Event
from listener.dossier.exports import ExchangeCase, exchange_case

HOSTILE = (
    "<script>alert(1)</script> =cmd|'/c calc'!A1 \u202e\u200b\x1b[31m\r\nBcc: x@y.example\r\n\r\n\nFrom z"
)
PEER = {"ip": "203.0.113.7", "port": 40001}


def event(number: int, **changes: Any) -> Event:
    body = {
        "canary": f"{number:016x}",
        "kind": "redis-url",
        "facet": "password",
        "trap": "http",
        "observed_at": f"2026-11-22T12:00:{number:02d}.000000Z",
        "source": PEER,
        "peer": PEER,
        "local": {"ip": "198.51.100.10", "port": 443},
        "transport": "tcp",
        "via": None,
        "clock": {"source": "free", "offset_us": None},
        "raw_sha256": "ab" * 32,
        "observed": {
            "method": "GET",
            "target": f"/{HOSTILE}",
            "host": HOSTILE,
            "headers": [["User-Agent", HOSTILE], ["X-Forwarded-For", "192.0.2.200"]],
        },
        **changes,
    }
    facts = {
        "verdict": {"kind": "unknown", "severity": "high", "source": "trapline", "reasons": [HOSTILE]},
        "network": {"asn": 64500, "organisation": HOSTILE, "source": "test", "date": "2026-11-01"},
    }
    hit = Entry(
        f"{number:032x}", "hit", body["observed_at"], "listener", body, canonical(body), number, bytes(32)
    )
    derived = Entry(f"{number:032x}", "derived", body["observed_at"], "listener", {"facts": facts}, b"{}", 90)
    return Event(hit, derived)


EVENTS = (
    event(1),
    event(2, facet="path", source={"ip": "198.51.100.9", "port": 0}, via={"header": HOSTILE}),
    event(3, facet="host", trap="dns", transport="udp", source={"ip": "192.0.2.53", "port": 53}),
    event(
        4,
        facet="email",
        trap="smtp",
        source={"ip": "2001:db8::1", "port": 25},
        peer={"ip": "2001:db8::1", "port": 25},
    ),
    event(5, source={"ip": HOSTILE, "port": 0}, via={"header": HOSTILE}),
    event(6, source={"ip": "2001:db8::7", "port": 9}, peer={"ip": "2001:db8::7", "port": 9}),
)


REPORTED = event(
    7,
    source={"ip": "198.51.100.77", "port": 0},
    peer={"ip": "192.0.2.80", "port": 555},
    via={"how": "sensor", "chain": ["shop"], "client": ["198.51.100.77", 0]},
)
"""What the operator's own application at 192.0.2.80 told of."""


def with_facts(one: Event, **facts: Any) -> Event:
    """The same hit with other facts."""
    assert one.derived
    body = {**one.derived.body, "facts": {**one.derived.body["facts"], **facts}}
    return replace(one, derived=replace(one.derived, body=body))


def made(organisation: str, contact: str, events: Sequence[Event] = EVENTS) -> ExchangeCase:
    head = SimpleNamespace(at="2026-11-22T13:00:00.000000Z", checkpoint=SimpleNamespace(size=7))
    named = {"name": "incident-00ff", "organisation": organisation, "contact": contact}
    case = SimpleNamespace(**named, head=head, story=())
    return exchange_case(cast(Case, case), list(reversed(events)))


@pytest.fixture
def exchanged() -> ExchangeCase:
    return made("Example Ltd", "abuse@example.org")
