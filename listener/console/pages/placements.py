"""Placements: where bait is, and what the last check found."""

from __future__ import annotations

from flask import Blueprint, render_template

from canaries.accounts.permissions import Permission
from canaries.plant import placements
from listener.console.memos import Memos
from listener.console.pages import app_context
from listener.console.permits import needs, only, whose

page = Blueprint("placements", __name__)
NAV = (40, "Placements", "placements.index")


@page.get("/placements")
@needs(Permission.PLACEMENTS_READ)
def index() -> str:
    """All of them, newest first."""
    home = app_context().home
    found = list(placements.listing(home))[::-1]
    if mine := only(Permission.PLACEMENTS_READ):
        found = [one for one in found if whose(home, one.canary) == mine]
    return render_template("placements.html.j2", placements=found, memo=Memos(home))
