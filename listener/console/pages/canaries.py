"""Canaries: the inventory, searched and filtered; many changed at once; one with its hits, placements and bait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from canaries.accounts.permissions import Permission
from canaries.core import clock, counting, plugins
from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.reachability import obstacles, trap_obstacle
from canaries.kinds import FOLDER, Kind
from canaries.mint import amending, catalogue, finding
from canaries.mint.matching import STATES, Wanted
from canaries.plant import firing, placements
from canaries.plant.planters import State
from listener.console import permits
from listener.console.listing import newest, row
from listener.console.pages import app_context, words
from listener.console.permits import may, needs, only, own

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
@needs(Permission.CANARIES_READ)
def index() -> str | Response:
    """The canaries, newest first, those that the filters ask for; ``?id=`` goes to one."""
    home = app_context().home
    exact = request.args.get("id", "").strip()
    if exact:
        return redirect(url_for("canaries.one", id_=_found(home, exact)), 303)
    given = {name: request.args.get(name, "").strip()[:_LONGEST] for name in _FILTERS}
    after = request.args.get("after", "")
    mine = only(Permission.CANARIES_READ)
    if mine:  # nothing of hits, not even whether there are any
        given |= {"used": ""}
    wanted = Wanted(**{**given, "expiring": _moment(home, given["expiring"])}, account=mine)
    look = finding.look(home, wanted, after)
    return render_template(
        "canaries.html.j2",
        look=look,
        given=given,
        asked={name: value for name, value in given.items() if value},
        after=after,
        count="" if mine or after or any(given.values()) else counting.words(finding.count(home)),
        mine=bool(mine),
        kinds=finding.kinds_of(home),
        states=STATES,
        many=finding.MANY,
    )


def _found(home: Home, exact: str) -> str:
    own(home, exact, Permission.CANARIES_READ)
    return catalogue.find(home, exact).id


def _moment(home: Home, text: str) -> str:
    return clock.until(text, home.clock.now()) if text else ""


@page.post("/canaries/bulk")
@needs(Permission.CANARIES_CHANGE)
def bulk() -> Response:
    """Retire, extend or tag what was ticked, with one reason: all of it, or nothing where the form is wrong."""
    home, form = app_context().home, request.form
    ids = finding.all_of(home, form.getlist("id"))
    for one_id in ids:
        own(home, one_id, Permission.CANARIES_CHANGE)
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
@needs(Permission.CANARIES_READ)
def one(id_: str) -> str:
    """One canary, its bait still covered."""
    return _shown(id_)


@page.post("/canaries/<id_>/reveal")
@needs(Permission.CANARIES_REVEAL)
def reveal(id_: str) -> str:
    """The same page with the bait in clear, once; that somebody looked, and why, is an entry."""
    own(app_context().home, id_, Permission.CANARIES_REVEAL)
    why = words("reason", "the reason for looking")
    permits.revealable(app_context().home, id_, why)
    catalogue.reveal(app_context().home, id_, why)
    return _shown(id_, uncovered=True)


@page.post("/canaries/<id_>/retire")
@needs(Permission.CANARIES_CHANGE)
def retire(id_: str) -> Response:
    """Take it out of service; its hits are recorded while its trap is open."""
    own(app_context().home, id_, Permission.CANARIES_CHANGE)
    canary = catalogue.retire(app_context().home, id_, words("reason", "the reason for retiring it"))
    return redirect(url_for("canaries.one", id_=canary.id), 303)


@page.post("/canaries/<id_>/amend")
@needs(Permission.CANARIES_CHANGE)
def amend(id_: str) -> Response:
    """Change memo, owner, recipient or expiry; the record that was sealed stays as it is."""
    home, form = app_context().home, request.form
    own(home, id_, Permission.CANARIES_CHANGE)
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
    own(home, id_, Permission.CANARIES_READ)
    canary = catalogue.find(home, id_)
    summary = catalogue.summary(home, canary.id)
    hits, older = newest(home, canary=canary.id) if may("hits:read") else ([], False)
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
