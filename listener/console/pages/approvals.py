"""Approvals: what waits for a second person, and what became of it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from canaries.accounts import approvals
from canaries.accounts.permissions import Permission
from canaries.core.errors import AccessError
from listener.console import permits
from listener.console.pages import app_context, words
from listener.console.permits import needs

page = Blueprint("approvals", __name__)
NAV = (75, "Approvals", "approvals.index")


@page.get("/approvals")
@needs(Permission.APPROVALS)
def index() -> str:
    """Those that whoever asks could decide on, newest first."""
    home, who = app_context().home, permits.actor()
    return render_template(
        "approvals.html.j2",
        requests=approvals.listing(home, who),
        mine=who.account if who else "",
        decides=who is not None,
        deeds=home.settings.console.approvals,
    )


@page.post("/approvals/<request_id>/approve")
@needs(Permission.APPROVALS)
def approve(request_id: str) -> Response:
    """Let whoever asked do it, once, within a day."""
    return _decided(request_id, approve=True)


@page.post("/approvals/<request_id>/refuse")
@needs(Permission.APPROVALS)
def refuse(request_id: str) -> Response:
    """Nothing is done."""
    return _decided(request_id, approve=False)


def _decided(request_id: str, *, approve: bool) -> Response:
    who = permits.actor()
    if who is None:
        raise AccessError("an approval needs a name", hint="sign in as an account")
    approvals.decide(app_context().home, who, request_id, words("reason", "the reason"), approve=approve)
    return redirect(url_for("approvals.index"), 303)
