"""A sensor's report: one JSON object that says what it noticed, and what its application knows of it.

    {"id": "0123...", "at": "2026-11-27T08:00:00Z", "event": "login",
     "found": [{"where": "form email", "value": "..."}],
     "facts": {"account": "17", "client": "203.0.113.7", "route": "/login"}, "dropped": 0}

Only ``id`` must be there. ``found`` holds strings that may be tokens; which they are the back says. Everything else is
the application's word, and is kept as that.
"""

from __future__ import annotations

import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta

from listener.net.addresses import normal
from listener.sensors.keys import decoded

LARGEST = 65_536
"""Bytes of a report."""

Word = Annotated[str, Meta(max_length=128)]
Text = Annotated[str, Meta(max_length=4096)]
Number = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""Readers of dossiers in other languages know no longer ones."""


class ReportedValue(msgspec.Struct, frozen=True):
    """A string that may be a token."""

    value: Text
    where: Word = ""
    """Where in the request it was, in the sensor's words: ``form email``, ``header authorization``."""


class SensorReport(msgspec.Struct, frozen=True):
    """One thing that a sensor noticed."""

    id: Annotated[str, Meta(min_length=8, max_length=64)]
    """The sensor's own, so that a report that is sent twice is taken in once."""
    at: Word = ""
    """When, by the sensor's clock, RFC 3339."""
    event: Word = ""
    """What the application was doing: ``login``, ``search``, ``signup``, ``request``."""
    found: Annotated[list[ReportedValue], Meta(max_length=64)] = []
    rows: Annotated[list[Word], Meta(max_length=256)] = []
    """Marks of planted and watched rows, as a proxy in front of a database knows them (`listener.wire_proxy`)."""
    facts: dict[Word, Text | Number | bool | None] = {}
    """What the application knows: ``account``, ``session``, ``client``, ``route``, ``method``, ``user_agent`` ..."""
    dropped: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    """Reports that the sensor could not keep while the listener was away."""


_decoder = msgspec.json.Decoder(SensorReport)


def parse_report(body: bytes) -> SensorReport:
    """The report in ``body``. Raises RefusedReportError."""
    return decoded(_decoder, body, "this is no report")


def sighting_id(sensor: str, report: str) -> str:
    """The id of a report's sighting, 32 hexadecimal digits: the same for the same sensor and report."""
    return hashlib.sha256(f"{sensor}\n{report}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def client_of(report: SensorReport) -> tuple[str, int]:
    """(address, port) that the application says its client has; empty and 0 where it says none, or none that can be."""
    said, port = report.facts.get("client"), report.facts.get("port")
    known = isinstance(port, int) and 0 <= port <= 65_535
    try:
        return (str(normal(said)), int(port) if known and port else 0) if isinstance(said, str) else ("", 0)
    except ValueError:
        return "", 0
