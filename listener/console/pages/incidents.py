"""Incidents: the list, and one with its timeline, its facts, and what people make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from listener.console.listing import briefing_of, derived, newest
from listener.console.memos import Memos
from listener.console.pages import MOST_WORDS, app_context, words
from listener.incidents import operator_acts, queries
from listener.incidents.hit_briefing import weightiest

if TYPE_CHECKING:
    from listener.incidents.queries import Hit

page = Blueprint("incidents", __name__)
NAV = (20, "Incidents", "incidents.index")


@page.get("/incidents")
def index() -> str:
    """All of them, the one with the latest hit first."""
    home = app_context().home
    found = sorted(queries.incidents(home), key=lambda one: one.last_at, reverse=True)
    return render_template("incidents.html.j2", incidents=found, memo=Memos(home))


@page.get("/incidents/<id_>")
def one(id_: str) -> str:
    """One incident: observed, derived and assessed apart."""
    home = app_context().home
    incident = queries.incident(home, id_)
    hits, older = newest(home, incident=incident.id)
    hits.reverse()
    gravest = weightiest(hits)
    return render_template(
        "incident.html.j2",
        incident=incident,
        hits=hits,
        gravest=gravest,
        told=briefing_of(home, gravest) if gravest else None,
        sources=_sources(hits),
        older=older,
        memo=Memos(home),
        likelihoods=operator_acts.LIKELIHOODS,
        confidences=operator_acts.CONFIDENCES,
    )


def _sources(hits: list[Hit]) -> list[dict[str, Any]]:
    """One line per address, in order of appearance, with what was derived of its last hit."""
    found: dict[str, dict[str, Any]] = {}
    for hit in hits:
        count = found.get(hit.ip, {}).get("hits", 0) + 1
        found[hit.ip] = {"ip": hit.ip, "hits": count, "facts": hit.facts, **derived(hit)}
    return list(found.values())


def _back(id_: str) -> Response:
    return redirect(url_for("incidents.one", id_=id_), 303)


@page.post("/incidents/<id_>/notes")
def note(id_: str) -> Response:
    """Write a note."""
    operator_acts.note(app_context().home, id_, words("text", "the note"))
    return _back(id_)


@page.post("/incidents/<id_>/assessments")
def assess(id_: str) -> Response:
    """Write a judgement, in the form of ICD 203."""
    form = request.form
    operator_acts.assess(
        app_context().home,
        id_,
        statement=words("statement", "the statement"),
        likelihood=form.get("likelihood", ""),
        confidence=form.get("confidence", ""),
        alternatives=_lines("alternatives"),
        because=words("because", "the reason for the confidence"),
        would_change=form.get("would_change", "").strip()[:MOST_WORDS],
    )
    return _back(id_)


def _lines(field: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in request.form.get(field, "").splitlines() if line.strip())


@page.post("/incidents/<id_>/state")
def state(id_: str) -> Response:
    """Close it, or open it again, with a reason."""
    reason = words("reason", "the reason")
    change = operator_acts.close if request.form.get("state") == "closed" else operator_acts.reopen
    change(app_context().home, id_, reason)
    return _back(id_)
