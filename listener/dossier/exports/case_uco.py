"""CASE/UCO 1.x as JSON-LD: each hit a provenance record with its exhibit number, its hash and who handled it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from listener.dossier.exports import Exchange, ExchangeCase
from listener.dossier.exports._event import ExchangeEvent, encoded, uid

_CONTEXT = {
    "kb": "urn:example:kb:",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class CaseUco(Exchange):
    """Custody of what was observed; derived facts are left to the other formats."""

    name = "case"
    suffix = ".case.jsonld"

    def write(self, case: ExchangeCase) -> Iterator[bytes]:
        holder = f"kb:{uid('case', case.name, 'organisation')}"
        graph: list[dict[str, Any]] = [
            {
                "@id": holder,
                "@type": "uco-identity:Organization",
                "uco-core:name": case.organisation or "not named",
            }
        ]
        for number, event in enumerate(case.events, 1):
            graph += _exhibit(case, event, number, holder)
        yield encoded({"@context": _CONTEXT, "@graph": graph})


def _exhibit(case: ExchangeCase, event: ExchangeEvent, number: int, holder: str) -> list[dict[str, Any]]:
    raw, record, action = (f"kb:{uid('case', event.id, part)}" for part in ("raw", "record", "action"))
    digest = {
        "@id": f"kb:{uid('case', event.id, 'hash')}",
        "@type": "uco-types:Hash",
        "uco-types:hashMethod": "SHA256",
        "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": event.raw_sha256},
    }
    content = {
        "@id": f"kb:{uid('case', event.id, 'content')}",
        "@type": "uco-observable:ContentDataFacet",
        "uco-observable:hash": digest,
    }
    at = {"@type": "xsd:dateTime", "@value": event.at}
    return [
        {"@id": raw, "@type": "uco-observable:ObservableObject", "uco-core:hasFacet": content},
        {
            "@id": record,
            "@type": "case-investigation:ProvenanceRecord",
            "case-investigation:exhibitNumber": f"{case.name}-{number:04d}",
            "uco-core:description": (
                f"Raw request in which the {event.facet} of {event.canary} was used, from {event.whence}; "
                f"{event.clock}; {f'marked as {event.mark}; ' if event.mark else ''}"
                f"log entry {event.index}, leaf hash {event.leaf}"
            ),
            "uco-core:object": {"@id": raw},
        },
        {
            "@id": action,
            "@type": "case-investigation:InvestigativeAction",
            "uco-core:name": "reported, no trap saw it"
            if event.origin == "reported"
            else "recorded by a trap",
            "uco-action:startTime": at,
            "uco-action:endTime": at,
            "uco-action:performer": {"@id": holder},
            "uco-action:result": {"@id": record},
        },
    ]
