"""Canaries: the inventory, searched and filtered; many changed at once; one with its hits, placements and bait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from canaries.core import clock, plugins
from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.reachability import obstacles, trap_obstacle
from canaries.kinds import FOLDER, Kind
from canaries.mint import amending, catalogue, finding
from canaries.mint.finding import Wanted
from canaries.plant import firing, placements
from canaries.plant.planters import State
from listener.console.listing import newest, row
from listener.console.pages import app_context, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from canaries.installation.home import Home
    from canaries.installation.reachability import Obstacle
    from canaries.plant.placements import Placement

page = Blueprint("canaries", __name__)
NAV = (30, "Canaries", "canaries.index")

_FILTERS = ("words", "kind", "owner", "recipient", "tag", "place", "state", "expiring", "used", "planted")
_LONGEST = 200
"""Characters of a filter."""


@page.get("/canaries")
def index() -> str | Response:
    """The canaries, newest first, those that the filters ask for; ``?id=`` goes to one."""
    home = app_context().home
    exact = request.args.get("id", "").strip()
    if exact:
        return redirect(url_for("canaries.one", id_=catalogue.find(home, exact).id), 303)
    given = {name: request.args.get(name, "").strip()[:_LONGEST] for name in _FILTERS}
    after = request.args.get("after", "")
    wanted = Wanted(**{**given, "expiring": _moment(home, given["expiring"])})
    look = finding.look(home, wanted, after)
    return render_template(
        "canaries.html.j2",
        look=look,
        given=given,
        asked={name: value for name, value in given.items() if value},
        after=after,
        count=finding.count(home),
        kinds=finding.kinds_of(home),
        states=finding.STATES,
        many=finding.MANY,
    )


def _moment(home: Home, text: str) -> str:
    return clock.until(text, home.clock.now()) if text else ""


@page.post("/canaries/bulk")
def bulk() -> Response:
    """Retire, extend or tag what was ticked, with one reason: all of it, or nothing where the form is wrong."""
    home, form = app_context().home, request.form
    ids = finding.all_of(home, form.getlist("id"))
    deed, reason = form.get("deed", ""), words("reason", "the reason")
    value = form.get("value", "").strip()[:_LONGEST]
    if deed == "retire":
        _retire(home, ids, reason)
    elif deed in ("extend", "tag", "untag"):
        if not value:
            raise TraplineError(
                "how far, or which tag, is missing", hint="go back and write it: 90d, or a word"
            )
        _amend(home, ids, deed, value, reason)
    else:
        raise TraplineError("what is to be done with them is not chosen", hint="go back and choose")
    return redirect(url_for("canaries.index", **_same_list()), 303)


def _same_list() -> dict[str, Any]:
    """The filters of the list that the form was on."""
    return {name: value for name in (*_FILTERS, "after") if (value := request.form.get(f"list-{name}", ""))}


def _retire(home: Home, ids: Sequence[str], reason: str) -> None:
    for one in ids:
        if not catalogue.summary(home, one).retired_at:
            catalogue.retire(home, one, reason)


def _amend(home: Home, ids: Sequence[str], deed: str, value: str, reason: str) -> None:
    found = [catalogue.find(home, one) for one in ids]
    change: dict[str, Any] = {"tags": [value]} if deed == "tag" else {"untags": [value]}
    if deed == "extend":
        change = {"expires_at": _moment(home, value)}
    amending.amend(home, found, **change, reason=reason)


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


@page.post("/canaries/<id_>/amend")
def amend(id_: str) -> Response:
    """Change memo, owner, recipient or expiry; the record that was sealed stays as it is."""
    home, form = app_context().home, request.form
    canary, now = catalogue.find(home, id_), catalogue.summary(home, id_)
    reason = words("reason", "the reason")
    said = {name: form.get(name, "").strip()[:_LONGEST] for name in ("memo", "owner", "recipient")}
    change: dict[str, Any] = {name: text for name, text in said.items() if text != getattr(now, name)}
    if expires := form.get("expires", "").strip():
        change["expires_at"] = _moment(home, expires)
    amending.amend(home, [canary], **change, reason=reason)
    return redirect(url_for("canaries.one", id_=canary.id), 303)


def _shown(id_: str, *, uncovered: bool = False) -> str:
    home = app_context().home
    canary = catalogue.find(home, id_)
    summary = catalogue.summary(home, canary.id)
    hits, older = newest(home, canary=canary.id)
    kind, places = _kind(canary.kind), list(placements.listing(home, canary=canary.id))
    return render_template(
        "canary.html.j2",
        canary=canary,
        summary=summary,
        kind=kind,
        dead=_dead(home, kind, places) if not canary.parent else [],
        uncovered=uncovered,
        rows=[row(hit, summary.memo) for hit in hits],
        older=older,
        placements=places,
        memo=lambda _: summary.memo,
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
