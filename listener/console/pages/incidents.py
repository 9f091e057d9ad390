"""Incidents: the list, and one with its pictures, its facts, what else could explain it and what people make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request

from canaries.accounts.permissions import Permission
from canaries.crypto.sealed_box import Locker
from listener.console.listing import briefing_of, derived, newest
from listener.console.memos import Memos
from listener.console.pages import app_context
from listener.console.permits import needs
from listener.dossier import drafts
from listener.incidents import listing, operator_acts, pictures, queries, reach
from listener.incidents.hit_briefing import weightiest
from listener.incidents.hypotheses import HYPOTHESES
from listener.incidents.uses import drawn
from listener.incidents.weighing import of_hits, weigh

if TYPE_CHECKING:
    from markupsafe import Markup

    from canaries.installation.home import Home
    from listener.incidents.model import Hit, Incident

page = Blueprint("incidents", __name__)
_SOURCES = 20
"""Addresses whose facts are shown; the others are counted."""
NAV = (20, "Incidents", "incidents.index")


@page.get("/incidents")
@needs(Permission.INCIDENTS_READ)
def index() -> str:
    """The one with the latest hit first, a page at a time; ``?state=`` open or closed."""
    home = app_context().home
    state, after = request.args.get("state", ""), request.args.get("after", "")
    found, behind = listing.page(home, state=state if state in ("open", "closed") else "", after=after)
    return render_template(
        "incidents.html.j2",
        incidents=found,
        memo=Memos(home),
        state=state,
        after=after,
        behind=behind,
        now=home.now(),
    )


@page.get("/incidents/<id_>")
@needs(Permission.INCIDENTS_READ, Permission.HITS_READ)
def one(id_: str) -> str:
    """One incident: observed, derived and assessed apart."""
    home = app_context().home
    incident = queries.incident(home, id_)
    hits, older = newest(home, incident=incident.id)
    hits.reverse()
    gravest = weightiest(hits)
    memo = Memos(home)
    return render_template(
        "incident.html.j2",
        incident=incident,
        hits=hits,
        gravest=gravest,
        told=briefing_of(home, gravest) if gravest else None,
        pictures=_pictures(hits, incident, memo, home.settings.operator.timezone),
        sources=_sources(hits),
        most=_SOURCES,
        explanations=_explanations(hits, incident),
        reach=_reach(home, incident.id),
        older=older,
        memo=memo,
        quiet=listing.quiet_until(home, incident.id),
        now=home.now(),
        likelihoods=operator_acts.LIKELIHOODS,
        confidences=operator_acts.CONFIDENCES,
        outcomes=operator_acts.OUTCOMES,
        drafts=drafts.names(),
        network=gravest.ip if gravest else "",
        client=gravest.client.split("/")[0][:60] if gravest else "",
    )


def _pictures(hits: list[Hit], incident: Incident, memo: Memos, zone: str) -> dict[str, Markup]:
    """Of the hits that are shown, as the dossier draws all of them."""
    if not hits:
        return {}
    found = drawn(hits, zone, incident.hits - len(hits) + 1)
    names = {hit.canary: memo(hit.canary) or hit.canary for hit in hits}
    return {
        "Timeline": pictures.timeline(found.uses),
        f"Hour by weekday, {zone or 'UTC'}": pictures.heat(found.hours, zone or "UTC"),
        "Networks": pictures.networks(found.sources),
        "Which address used which canary": pictures.sequence(found.uses, names, ""),
    }


def _explanations(hits: list[Hit], incident: Incident) -> list[dict[str, Any]]:
    """Every competing explanation with what speaks for and against it, those with something to say first."""
    traits = of_hits((hit.body, hit.facts) for hit in hits)
    rated = {rating.hypothesis: rating for rating in incident.ratings}
    found = []
    for item in HYPOTHESES:
        speaks_for, against = weigh(item.key, traits)
        said = {"item": item, "for": speaks_for, "against": against, "rated": rated.get(item.key)}
        found.append(said | {"says_something": bool(speaks_for or against or said["rated"])})
    return sorted(found, key=lambda one: (one["rated"] is None, -len(one["for"]), -len(one["against"])))


def _reach(home: Home, incident_id: str) -> str:
    """How much of each table was read, in one line."""
    with home.store.read() as connection:
        return reach.told(reach.reaches(connection, Locker(home.keys.alerts), incident_id))


def _sources(hits: list[Hit]) -> list[dict[str, Any]]:
    """One line per address, in order of appearance, with what was derived of its last hit."""
    found: dict[str, dict[str, Any]] = {}
    for hit in hits:
        count = found.get(hit.ip, {}).get("hits", 0) + 1
        found[hit.ip] = {"ip": hit.ip, "hits": count, "facts": hit.facts, **derived(hit)}
    return list(found.values())
