"""Placements: where bait is, and what the last check found. Newest first, a page at a time, by keyset."""

from __future__ import annotations

import re

from flask import Blueprint, render_template, request

from canaries.accounts.permissions import Permission
from canaries.core.errors import TraplineError
from canaries.plant import placements
from listener.console.memos import Memos
from listener.console.pages import app_context
from listener.console.permits import needs, only

page = Blueprint("placements", __name__)
NAV = (40, "Placements", "placements.index")

_PLACE = re.compile(r"(\d{4}-[0-9T:.-]{5,22}Z),([0-9a-f]{16})")


@page.get("/placements")
@needs(Permission.PLACEMENTS_READ)
def index() -> str:
    """All of them, or those of one's own canaries."""
    home, after = app_context().home, request.args.get("after", "")
    parsed = _PLACE.fullmatch(after)
    if after and parsed is None:
        raise TraplineError("this is no place in the list", hint="begin at its first page")
    places = placements.newest(
        home,
        account=only(Permission.PLACEMENTS_READ),
        after=(parsed[1], parsed[2]) if parsed else None,
        size=placements.PAGE + 1,
    )
    shown = places[: placements.PAGE]
    known = {one.id: one for one in placements.listing(home, among=[id_ for _, id_ in shown])}
    return render_template(
        "placements.html.j2",
        placements=[known[id_] for _, id_ in shown if id_ in known],
        after=after,
        behind=",".join(shown[-1]) if len(places) > len(shown) else "",
        memo=Memos(home),
    )
