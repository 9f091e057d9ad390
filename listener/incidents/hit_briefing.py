"""The briefing of a hit, for whoever lists hits: command line, console, report."""

from __future__ import annotations

from listener.incidents.briefing import Briefing, UsedCanary, brief, severity
from listener.incidents.model import Hit


def brief_hit(hit: Hit, *, memo: str = "", zone: str = "") -> Briefing:
    """What a person must know of ``hit`` first."""
    return brief(
        UsedCanary(
            kind=hit.kind,
            facet=hit.facet,
            at=hit.observed_at,
            memo=memo,
            facts=hit.facts,
            ip=hit.ip,
            port=hit.port,
            request=hit.did,
            client=hit.client,
        ),
        zone,
    )


def severity_of(hit: Hit) -> str:
    """One of `listener.incidents.briefing.SEVERITIES`."""
    return severity(hit.facet, hit.facts)
