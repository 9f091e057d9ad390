"""Lists of hits: a page of them newest first, and what one line shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from canaries.core import store
from canaries.core.text import visible
from listener.incidents import queries
from listener.incidents.hit_briefing import brief_hit, severity_of, words_of
from listener.incidents.parts import HitParts, with_parts

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from listener.incidents.briefing import Briefing
    from listener.incidents.queries import Hit

PAGE = 100


def newest(
    home: Home, *, before: str = "", canary: str | None = None, incident: str | None = None
) -> tuple[list[Hit], bool]:
    """Up to `PAGE` hits, newest first, and whether there are older ones. ``before``: only those before this id.

    The casebook reads oldest first, after an id; that id is looked up in the index first.
    """
    table = store.hit
    query = select(table.c.id).where(table.c.part == "").order_by(table.c.id.desc()).limit(PAGE + 1)
    for column, value in ((table.c.canary_id, canary), (table.c.incident_id, incident)):
        if value is not None:
            query = query.where(column == value)
    if before:
        query = query.where(table.c.id < before)
    with home.store.read() as connection:
        ids = list(connection.execute(query).scalars())
    wanted = ids[:PAGE]
    older = len(ids) > PAGE
    start = ids[PAGE] if older else ""
    found = (
        queries.hits(home, canary=canary, incident=incident, after_id=start, limit=len(wanted))
        if wanted
        else []
    )
    return list(found)[::-1], older


def parts_of(home: Home, hit: Hit) -> HitParts:
    """What belongs to ``hit``: what was done on its connection, what it proves."""
    [(_, parts)] = with_parts(home, [hit])
    return parts


def briefing_of(home: Home, hit: Hit, parts: HitParts | None = None) -> Briefing:
    """What a page about ``hit`` says first, as its alert did."""
    parts = parts or parts_of(home, hit)
    return brief_hit(hit, words_of(home, hit), acts=parts.then, zone=home.settings.operator.timezone)


def row(hit: Hit, memo: str) -> dict[str, Any]:
    """What one line of the table shows, every text made visible: the page and the stream share it."""
    value = {
        "id": hit.id,
        "observed_at": hit.observed_at,
        "time": f"{hit.observed_at[:10]} {hit.observed_at[11:19]}",
        "canary": hit.canary,
        "memo": memo or hit.canary,
        "kind": hit.kind,
        "facet": hit.facet,
        "trap": hit.trap,
        "source": f"{hit.ip} port {hit.port}" if hit.port else hit.ip,
        "incident": hit.incident,
        **derived(hit),
    }
    return {name: visible(text, limit=200) for name, text in value.items()}


def derived(hit: Hit) -> dict[str, str]:
    """The facts in short: whose network, how severe, and what the client looks like."""
    network, client = hit.facts.get("network", {}), hit.facts.get("client", {})
    verdict, severity = hit.facts.get("verdict", {}), severity_of(hit).upper()
    number = f"AS{network['asn']}" if network.get("asn") else ""
    owner = f"{number} {network.get('organisation', '')}".strip()
    scope = "" if network.get("scope", "global") == "global" else f"{network['scope']} address"
    family = f"{client.get('family', '')} {client.get('version', '')}".strip()
    kind = str(verdict.get("kind", "")).replace("_", " ")
    confidence = f" ({verdict['confidence']})" if verdict.get("confidence") else ""
    return {
        "network": _dotted(str(network.get("country", "")), owner, scope),
        "looks": _dotted(severity, family, f"{kind}{confidence}" if kind else ""),
    }


def _dotted(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
