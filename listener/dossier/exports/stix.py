"""STIX 2.1 (OASIS, 10 June 2021): observed data with its traffic, one incident, one report. No threat actor, ever."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from canaries.core.text import counted
from listener.dossier.exports import Exchange, ExchangeCase
from listener.dossier.exports._event import ExchangeEvent, encoded, uid

_SCO = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
"""The namespace of deterministic ids of cyber-observable objects (2.9)."""


class Stix(Exchange):
    """One bundle."""

    name = "stix"
    suffix = ".stix.json"

    def write(self, case: ExchangeCase) -> Iterator[bytes]:
        found = {item["id"]: item for item in _objects(case)}
        yield encoded(
            {"type": "bundle", "id": f"bundle--{uid('stix', case.name)}", "objects": list(found.values())}
        )


def _objects(case: ExchangeCase) -> Iterator[dict[str, Any]]:
    at = _milliseconds(case.at)
    author = _domain(
        "identity", case, "author", at, name=case.organisation or "not named", identity_class="organization"
    )
    yield author
    by = {"created_by_ref": author["id"]}
    refs = [author["id"]]
    for event in case.events:
        observables = list(_observables(event))
        yield from observables
        data = _domain(
            "observed-data",
            case,
            event.id,
            at,
            **by,
            first_observed=_milliseconds(event.at),
            last_observed=_milliseconds(event.at),
            number_observed=1,
            object_refs=[item["id"] for item in observables],
        )
        note = _domain(
            "note",
            case,
            event.id,
            at,
            **by,
            abstract="Claimed and derived",
            content=_claims(event),
            object_refs=[data["id"]],
        )
        yield data
        yield note
        refs += [data["id"], note["id"]]
    incident = _domain(
        "incident", case, "incident", at, **by, name=f"Use of decoys, {case.name}", description=_about(case)
    )
    yield incident
    said = {"name": f"Trapline case {case.name}", "description": _about(case), "published": at}
    yield _domain(
        "report",
        case,
        "report",
        at,
        **by,
        **said,
        report_types=["observed-data"],
        object_refs=[*refs, incident["id"]],
    )


def _observables(event: ExchangeEvent) -> Iterator[dict[str, Any]]:
    """The peer, this end, and what passed between them: nothing that anybody claims.

    Where an application or a log reported the use, no connection was observed: what came is a file by its hash.
    """
    if event.origin == "reported":
        hashes = {"SHA-256": event.raw_sha256}
        own = uuid.uuid5(_SCO, json.dumps({"hashes": hashes}, separators=(",", ":")))
        yield {"type": "file", "spec_version": "2.1", "id": f"file--{own}", "hashes": hashes}
        return
    ends = [_address(ip) for ip in (event.peer_ip, event.local_ip) if ip]
    yield from ends
    traffic: dict[str, Any] = {"protocols": [event.transport, event.trap], "start": _milliseconds(event.at)}
    for name, ip, port in (
        ("src", event.peer_ip, event.peer_port),
        ("dst", event.local_ip, event.local_port),
    ):
        if ip:
            traffic[f"{name}_ref"] = _address(ip)["id"]
        if port:
            traffic[f"{name}_port"] = port
    yield {
        "type": "network-traffic",
        "spec_version": "2.1",
        "id": f"network-traffic--{uid('traffic', event.id)}",
        **traffic,
    }


def _address(ip: str) -> dict[str, Any]:
    kind = "ipv6-addr" if ":" in ip else "ipv4-addr"
    name = json.dumps({"value": ip}, separators=(",", ":"))
    return {"type": kind, "spec_version": "2.1", "id": f"{kind}--{uuid.uuid5(_SCO, name)}", "value": ip}


def _claims(event: ExchangeEvent) -> str:
    lines = [
        f"The {event.facet} of the decoy {event.canary} ({event.kind}) was used, from {event.whence}; {event.clock}.",
        *([f"Marked by an operator's rule: {event.mark}"] if event.mark else []),
        f"Request: {event.request or 'none'}",
        f"The client calls itself (claimed): {event.client or 'nothing'}",
        f"Derived by rule: {json.dumps(event.facts, ensure_ascii=True, sort_keys=True)}",
        f"Entry {event.index} of the log, leaf hash {event.leaf}; raw bytes SHA-256 {event.raw_sha256}.",
    ]
    return "\n".join(lines)


def _about(case: ExchangeCase) -> str:
    marked = sum(bool(event.mark) for event in case.events)
    own = f", {marked} of them marked as the operator's own" if marked else ""
    return (
        f"{counted(len(case.events), 'recorded use')} of decoys{own}. An address is a network's, never a person. The "
        f"evidence is the dossier, sealed under a log of {counted(case.size, 'entry', 'entries')}."
    )


def _domain(kind: str, case: ExchangeCase, part: str, at: str, **more: Any) -> dict[str, Any]:
    own = f"{kind}--{uid(kind, case.name, part)}"
    return {"type": kind, "spec_version": "2.1", "id": own, "created": at, "modified": at, **more}


def _milliseconds(at: str) -> str:
    """RFC 3339 with three digits, as the created and modified properties want it (3.2)."""
    return f"{at[:23]}Z"
