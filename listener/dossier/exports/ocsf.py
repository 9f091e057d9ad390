"""OCSF 1.3: a detection finding (class 2004) for each hit, one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from canaries import __version__
from canaries.core.clock import parse_rfc3339
from listener.dossier.exports import Exchange, ExchangeCase
from listener.dossier.exports._event import ExchangeEvent, encoded, uid

_SEVERITY = {"info": 1, "low": 2, "medium": 3, "high": 4, "critical": 5}
_CLASS, _CATEGORY, _CREATE = 2004, 2, 1


class Ocsf(Exchange):
    """Observed in ``evidences``, derived in ``enrichments``, claims in ``unmapped``."""

    name = "ocsf"
    suffix = ".ocsf.ndjson"

    def write(self, case: ExchangeCase) -> Iterator[bytes]:
        for event in case.events:
            yield encoded(_finding(case, event))


def _finding(case: ExchangeCase, event: ExchangeEvent) -> dict[str, Any]:
    moment = int(parse_rfc3339(event.at).timestamp() * 1000)
    severity = _SEVERITY.get(event.severity, 0)
    return {
        "activity_id": _CREATE,
        "activity_name": "Create",
        "category_uid": _CATEGORY,
        "category_name": "Findings",
        "class_uid": _CLASS,
        "class_name": "Detection Finding",
        "type_uid": _CLASS * 100 + _CREATE,
        "type_name": "Detection Finding: Create",
        "time": moment,
        "severity_id": severity,
        "severity": event.severity.capitalize() or "Unknown",
        "metadata": {
            "version": "1.3.0",
            "product": {"name": "Trapline", "vendor_name": "Trapline", "version": __version__},
            "uid": event.id,
        },
        "finding_info": {
            "uid": uid("ocsf", event.id),
            "title": f"The {event.facet} of a decoy was used",
            "desc": f"The {event.facet} of {event.canary} ({event.kind}) was used, from {event.whence}; {event.clock}",
            "created_time": moment,
            "related_events": [{"uid": case.name, "type_uid": _CLASS * 100 + _CREATE}],
        },
        "evidences": [
            {"data": {"raw_sha256": event.raw_sha256, "reported": event.whence}}
            if event.origin == "reported"
            else {
                "src_endpoint": _end(event.peer_ip, event.peer_port),
                "dst_endpoint": _end(event.local_ip, event.local_port),
            }
        ],
        "enrichments": [
            {
                "name": name,
                "value": str(fact.get("source", "")),
                "data": fact,
                "provider": str(fact.get("source", "")),
            }
            for name, fact in sorted(event.facts.items())
            if isinstance(fact, dict)
        ],
        "unmapped": {
            "claimed": {"client": event.client, "request": event.request},
            "log": {"entry": event.index, "leaf_sha256": event.leaf, "raw_sha256": event.raw_sha256},
            "origin": event.origin,
            **({"mark": event.mark} if event.mark else {}),
        },
    }


def _end(ip: str, port: int) -> dict[str, Any]:
    return {**({"ip": ip} if ip else {}), **({"port": port} if port else {})}
