"""Which incidents may be one actor's: suggested with what speaks for it, confirmed or rejected by people.

Reached from the incidents: to compare them takes some seconds, so it is done when somebody asks.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from canaries.accounts.permissions import Permission
from canaries.core.errors import TraplineError
from listener.console.memos import Memos
from listener.console.pages import app_context, words
from listener.console.permits import needs
from listener.incidents import linking, queries

page = Blueprint("links", __name__)

MOST = 100
"""Links and campaigns that are shown; the others are counted."""


@page.get("/links")
@needs(Permission.INCIDENTS_READ, Permission.HITS_READ)
def index() -> str:
    """The weightiest link first; ``?incident=`` only those of one."""
    home = app_context().home
    asked = request.args.get("incident", "")
    incident = queries.incident(home, asked) if asked else None
    found, said = linking.suggestions(home), linking.decisions(home)
    links = [link for link in found.links if incident is None or incident.id in link.pair]
    links.sort(key=lambda link: -link.bits)
    groups = [group for group in found.campaigns if incident is None or incident.id in group]
    return render_template(
        "links.html.j2",
        incident=incident,
        links=links[:MOST],
        unseen=max(0, len(links) - MOST),
        campaigns=groups[:MOST],
        decisions=[one for one in said if incident is None or incident.id in one.pair][::-1][:MOST],
        newest=linking.NEWEST,
        memo=Memos(home),
    )


@page.post("/links")
@needs(Permission.INCIDENTS_CHANGE, Permission.HITS_READ)
def decide() -> Response:
    """Say that two incidents belong together or that they do not, with a reason."""
    decision = request.form.get("decision", "")
    if decision not in (linking.CONFIRMED, linking.REJECTED):
        raise TraplineError("say whether they belong together", hint="go back and choose one of the buttons")
    one, other = words("one", "the incident"), words("other", "the other incident")
    linking.decide(app_context().home, one, other, decision, words("reason", "the reason"))
    return redirect(url_for("links.index", incident=request.form.get("back") or None), 303)
