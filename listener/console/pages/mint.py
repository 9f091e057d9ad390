"""The way from *where will it lie* to planted bait that was seen to work: place, kind, snippet, test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from canaries.accounts.permissions import Permission
from canaries.core import clock
from canaries.core.errors import MintError
from canaries.installation.reachability import obstacles, trap_obstacle
from canaries.kinds import fill
from canaries.mint import catalogue, minting, suiting
from canaries.plant import noting, placements
from listener.console import permits
from listener.console.listing import newest, row
from listener.console.pages import MOST_WORDS, app_context, words
from listener.console.permits import actor, may, needs, own
from listener.notify import rules

if TYPE_CHECKING:
    from canaries.core.model import Canary
    from canaries.installation.home import Home
    from canaries.installation.reachability import Obstacle
    from canaries.kinds import Kind

page = Blueprint("mint", __name__)
NAV = (25, "Mint", "mint.places")

_TEST = "5m"
"""How long one's own use is marked as a test."""


@page.get("/mint")
@needs(Permission.CANARIES_MINT)
def places() -> str:
    """First question: where will it lie?"""
    return render_template("mint_places.html.j2", places=suiting.PLACES, every=len(suiting.every_kind()))


@page.get("/mint/<place>")
@needs(Permission.CANARIES_MINT)
def kinds(place: str) -> str:
    """Second question: which of the kinds that suit this place (``any``: all)? First those for which a trap is open."""
    chosen = None if place == "any" else suiting.place(place)
    found = suiting.every_kind() if chosen is None else suiting.suiting(place)
    settings, asked = app_context().home.settings, request.args.get("words", "").strip()[:MOST_WORDS]
    wanted = asked.casefold().split()
    shown = [
        (kind, trap_obstacle(settings, kind.traps))
        for kind in found
        if all(word in f"{kind.name} {kind.title} {kind.plant_hint}".casefold() for word in wanted)
    ]
    return render_template(
        "mint_kinds.html.j2",
        place=chosen,
        name=place,
        asked=asked,
        every=len(found),
        kinds=sorted(shown, key=lambda one: one[1] is not None),
    )


@page.get("/mint/<place>/<kind>")
@needs(Permission.CANARIES_MINT)
def order(place: str, kind: str) -> str:
    """Third question: for whom, what to call it, until when?"""
    chosen = minting.kind(kind)
    return render_template(
        "mint_order.html.j2",
        name=place,
        place=None if place == "any" else suiting.place(place),
        kind=chosen,
        dead=_dead(app_context().home, chosen),
    )


@page.post("/mint/<place>/<kind>")
@needs(Permission.CANARIES_MINT)
def make(place: str, kind: str) -> Response:
    """Mint it: recorded and indexed before it is shown."""
    home, form, chosen = app_context().home, request.form, minting.kind(kind)
    for one in _dead(home, chosen):
        if one.lasting:
            raise MintError(one.says, hint=one.hint)
    said = {name: form.get(name, "").strip()[:MOST_WORDS] for name in ("memo", "recipient", "expires")}
    if not said["memo"]:
        raise MintError("the memo is missing", hint="go back and say where it goes: its alerts begin with it")
    expires = clock.until(said["expires"], home.clock.now()) if said["expires"] else ""
    who = actor()
    made = next(
        iter(
            minting.mint(
                home,
                kind,
                memo=said["memo"],
                recipient=said["recipient"],
                expires_at=expires,
                account=who.account if who else "",
            )
        )
    )
    return redirect(url_for("mint.made", id_=made.canary.id, place=place), 303)


@page.get("/minted/<id_>")
@needs(Permission.CANARIES_MINT)
def made(id_: str) -> str:
    """Last step: how to plant it and how to try it. The bait is still covered: showing it is an entry."""
    own(app_context().home, id_, Permission.CANARIES_REVEAL)
    return _made(catalogue.find(app_context().home, id_))


@page.post("/minted/<id_>/bait")
@needs(Permission.CANARIES_REVEAL)
def bait(id_: str) -> str:
    """The same with the snippet in clear, to be copied; the entry says that it was for planting."""
    own(app_context().home, id_, Permission.CANARIES_REVEAL)
    home = app_context().home
    permits.revealable(home, id_, "to plant it, from the console")
    return _made(catalogue.reveal(home, id_, "to plant it, from the console"), uncovered=True)


@page.post("/minted/<id_>/place")
@needs(Permission.PLACEMENTS_NOTE)
def placed(id_: str) -> Response:
    """Put on record where it was put by hand."""
    home = app_context().home
    own(home, id_, Permission.PLACEMENTS_NOTE)
    noting.note(home, catalogue.find(home, id_).id, words("where", "the place"))
    return redirect(url_for("mint.made", id_=id_, place=request.args.get("place", "")), 303)


@page.post("/minted/<id_>/test")
@needs(Permission.CANARIES_REVEAL)
def test(id_: str) -> str:
    """Mark one's own use of it as a test for five minutes, and wait for it."""
    own(app_context().home, id_, Permission.CANARIES_REVEAL)
    home = app_context().home
    canary = catalogue.find(home, id_)
    permits.revealable(home, canary.id, "to test-fire it, from the console")
    marked = rules.add(
        home,
        "test",
        expires_at=clock.until(_TEST, home.clock.now()),
        reason="test-fire from the console",
        canary=canary.id,
    )
    catalogue.reveal(home, canary.id, "to test-fire it, from the console")
    return _made(canary, uncovered=True, until=marked.expires_at)


def _made(canary: Canary, *, uncovered: bool = False, until: str = "") -> str:
    home, kind = app_context().home, minting.kind(canary.kind)
    place = request.args.get("place", "")
    hits = newest(home, canary=canary.id)[0] if may("hits:read") else []
    memo = catalogue.summary(home, canary.id).memo
    return render_template(
        "minted.html.j2",
        canary=canary,
        memo=memo,
        kind=kind,
        name=place,
        target=suiting.PLACES[place].target if place in suiting.PLACES else "",
        dead=_dead(home, kind),
        uncovered=uncovered,
        until=until,
        places=[one.target for one in placements.listing(home, canary=canary.id)],
        trial=fill(kind.try_hint, canary) if uncovered else "",
        rows=[row(hit, memo) for hit in hits],
    )


def _dead(home: Home, kind: Kind) -> list[Obstacle]:
    """Why nobody can fire it, or not from everywhere."""
    found: list[Any] = [*obstacles(home.settings), trap_obstacle(home.settings, kind.traps)]
    return [one for one in found if one is not None]
