"""Canaries: the list, and one with its hits and placements; showing its bait and retiring it, each with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from canaries.core import plugins, store
from canaries.core.errors import NotFoundError
from canaries.installation.reachability import obstacles, trap_obstacle
from canaries.kinds import FOLDER, Kind
from canaries.mint import catalogue
from canaries.plant import firing, placements
from canaries.plant.planters import State
from listener.console.listing import newest, row
from listener.console.pages import app_context, words

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from canaries.installation.reachability import Obstacle
    from canaries.mint.catalogue import Summary
    from canaries.plant.placements import Placement

page = Blueprint("canaries", __name__)
NAV = (30, "Canaries", "canaries.index")

PAGE = 100


def listing(home: Home, number: int) -> tuple[list[Summary], int]:
    """Page ``number`` (from 1) of the canaries, newest first, and how many there are.

    The order comes from the index, so that only the records of this page are opened.
    """
    table = store.canary
    known = table.c.sealed.is_not(None)
    query = (
        select(table.c.id)
        .where(known)
        .order_by(table.c.created_at.desc(), table.c.id.desc())
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    with home.store.read() as connection:
        count = connection.execute(select(func.count()).where(known)).scalar_one()
        ids = list(connection.execute(query).scalars())
    return [summary for id_ in ids for summary in catalogue.listing(home, only=id_)], count


@page.get("/canaries")
def index() -> str | Response:
    """The canaries, newest first; ``?id=`` goes to one."""
    wanted = request.args.get("id", "").strip()
    if wanted:
        return redirect(url_for("canaries.one", id_=catalogue.find(app_context().home, wanted).id), 303)
    number = max(1, min(request.args.get("page", 1, type=int), 1_000_000))
    found, count = listing(app_context().home, number)
    return render_template(
        "canaries.html.j2", canaries=found, count=count, number=number, last=-(-count // PAGE), size=PAGE
    )


@page.get("/canaries/<id_>")
def one(id_: str) -> str:
    """One canary, its bait still covered."""
    return _shown(id_)


@page.post("/canaries/<id_>/reveal")
def reveal(id_: str) -> str:
    """The same page with the bait in clear, once; that somebody looked, and why, is an entry."""
    catalogue.reveal(app_context().home, id_, words("reason", "the reason for looking"))
    return _shown(id_, uncovered=True)


@page.post("/canaries/<id_>/retire")
def retire(id_: str) -> Response:
    """Take it out of service; its hits are still recorded."""
    canary = catalogue.retire(app_context().home, id_, words("reason", "the reason for retiring it"))
    return redirect(url_for("canaries.one", id_=canary.id), 303)


def _shown(id_: str, *, uncovered: bool = False) -> str:
    home = app_context().home
    canary = catalogue.find(home, id_)
    hits, older = newest(home, canary=canary.id)
    kind, places = _kind(canary.kind), list(placements.listing(home, canary=canary.id))
    return render_template(
        "canary.html.j2",
        canary=canary,
        summary=catalogue.summary(home, canary.id),
        kind=kind,
        dead=_dead(home, kind, places) if not canary.parent else [],
        uncovered=uncovered,
        rows=[row(hit, canary.memo) for hit in hits],
        older=older,
        placements=places,
        memo=lambda _: canary.memo,
    )


def _dead(home: Home, kind: type[Kind] | None, places: list[Placement]) -> list[Obstacle]:
    """Why nobody can fire it, or not from everywhere."""
    if kind is None:
        return []
    found = [*obstacles(home.settings), trap_obstacle(home.settings, kind.traps)]
    standing = [place for place in places if place.state in (State.THERE, State.CHANGED, State.UNREACHABLE)]
    found += [firing.placement_obstacle(home.settings, kind(), place.items) for place in standing]
    return list(dict.fromkeys(one for one in found if one is not None))


def _kind(name: str) -> type[Kind] | None:
    """The kind's plug-in; None where it is not installed any more."""
    try:
        return plugins.pick(FOLDER, Kind, name, "kind")  # type: ignore[type-abstract]
    except NotFoundError:
        return None
