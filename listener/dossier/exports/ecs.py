"""Elastic Common Schema 8: an alert for each hit, one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from listener.dossier.exports import Exchange, ExchangeCase
from listener.dossier.exports._event import ExchangeEvent, encoded

_SEVERITY = {"info": 1, "low": 2, "medium": 3, "high": 4, "critical": 5}


class Ecs(Exchange):
    """``source`` is the peer; what a proxy named is ``client``, as ECS has it for the first sender.

    Where the operator's own application or log reported the use there is no ``source``: that connection is its own.
    """

    name = "ecs"
    suffix = ".ecs.ndjson"

    def write(self, case: ExchangeCase) -> Iterator[bytes]:
        for event in case.events:
            yield encoded(_document(case, event))


def _document(case: ExchangeCase, event: ExchangeEvent) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@timestamp": event.at,
        "ecs": {"version": "8.11.0"},
        "message": f"The {event.facet} of a decoy was used, from {event.whence}; {event.clock}",
        "event": {
            "kind": "alert",
            "category": ["intrusion_detection"],
            "type": ["info"],
            "id": event.id,
            "dataset": "trapline.hit",
            "module": "trapline",
            "severity": _SEVERITY.get(event.severity, 0),
        },
        **({"source": _end(event.peer_ip, event.peer_port)} if event.origin != "reported" else {}),
        "destination": _end(event.local_ip, event.local_port),
        "network": {"transport": event.transport, "protocol": event.trap},
        "labels": {
            "case": case.name,
            "canary": event.canary,
            "kind": event.kind,
            "facet": event.facet,
            "origin": event.origin,
            "log_entry": str(event.index),
            "leaf_sha256": event.leaf,
            "raw_sha256": event.raw_sha256,
            **({"mark": event.mark} if event.mark else {}),
        },
    }
    if event.ip and event.ip != event.peer_ip:
        found["client"] = _end(event.ip, event.port)
    if event.method:
        found["http"] = {"request": {"method": event.method}}
        found["url"] = {"original": event.target}
    if event.client:
        found["user_agent"] = {"original": event.client}
    return found


def _end(ip: str, port: int) -> dict[str, Any]:
    return {**({"ip": ip, "address": ip} if ip else {}), **({"port": port} if port else {})}
