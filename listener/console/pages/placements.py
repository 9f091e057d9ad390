"""Placements: where bait is, and what the last check found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from canaries.plant import placements
from listener.console.memos import Memos
from listener.console.pages import app_context

if TYPE_CHECKING:
    pass

page = Blueprint("placements", __name__)
NAV = (40, "Placements", "placements.index")


@page.get("/placements")
def index() -> str:
    """All of them, newest first."""
    home = app_context().home
    found = list(placements.listing(home))[::-1]
    return render_template("placements.html.j2", placements=found, memo=Memos(home))
