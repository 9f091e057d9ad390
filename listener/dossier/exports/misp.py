"""MISP core format: one event of attributes, none of them a signature, for the own organisation only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from canaries.core.clock import parse_rfc3339
from canaries.core.text import counted
from listener.dossier.exports import Exchange, ExchangeCase
from listener.dossier.exports._event import ExchangeEvent, encoded, uid

_TAGS = ("tlp:amber", 'honeypot-basic:interaction-level="low"')

_SORTS = {
    "resolver": ", a name server that asked for somebody",
    "relay": ", a mail server that delivered for somebody",
    "claimed": ", the operator's own proxy",
}


class Misp(Exchange):
    """One event."""

    name = "misp"
    suffix = ".misp.json"

    def write(self, case: ExchangeCase) -> Iterator[bytes]:
        event = {
            "uuid": uid("misp", case.name),
            "info": f"Trapline: {counted(len(case.events), 'use')} of decoys, {case.name}",
            "date": case.at[:10],
            "timestamp": _seconds(case.at),
            "threat_level_id": "4",
            "analysis": "0",
            "distribution": "0",
            "published": False,
            "Attribute": [item for event in case.events for item in _attributes(event)],
            "Tag": [{"name": name} for name in _TAGS],
        }
        yield encoded({"Event": event})


def _attributes(event: ExchangeEvent) -> Iterator[dict[str, Any]]:
    if event.peer_ip and event.origin != "reported":  # else it is the operator's own application
        peer = f"{event.peer_ip}|{event.peer_port}" if event.peer_port else event.peer_ip
        yield _attribute(
            event,
            "ip-src|port" if event.peer_port else "ip-src",
            peer,
            "Network activity",
            f"observed: peer{_SORTS.get(event.origin, '')}",
        )
    if event.ip and event.ip != event.peer_ip:
        yield _attribute(event, "ip-src", event.ip, "Network activity", f"claimed: {event.whence}")
    if event.client:
        yield _attribute(event, "user-agent", event.client, "Network activity", "claimed by the client")
    yield _attribute(
        event, "sha256", event.raw_sha256, "External analysis", "observed: SHA-256 of the raw request"
    )
    if event.severity:
        yield _attribute(
            event, "comment", f"severity {event.severity}", "Internal reference", "derived by rule"
        )


def _attribute(event: ExchangeEvent, kind: str, value: str, category: str, comment: str) -> dict[str, Any]:
    marked = f", marked by an operator: {event.mark}" if event.mark else ""
    place = f"{event.facet} of {event.canary}; {event.clock}; entry {event.index}, leaf {event.leaf}"
    return {
        "uuid": uid("misp", event.id, kind, value, comment),
        "type": kind,
        "category": category,
        "value": value,
        "to_ids": False,
        "distribution": "5",
        "timestamp": _seconds(event.at),
        "first_seen": event.at,
        "comment": f"{comment}{marked}; {place}",
    }


def _seconds(at: str) -> str:
    return str(int(parse_rfc3339(at).timestamp()))
