"""Look-ups of watched records: the list, a week by person, one; what came of them is written down here.

Minimised: queries, and whose records they were, are shown of one look-up at a time and for a reason, which is an entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from canaries.accounts import approvals
from canaries.accounts.permissions import Permission
from canaries.core.errors import TraplineError
from listener.console import permits
from listener.console.pages import app_context, words
from listener.console.permits import needs
from listener.lookups import browsing, listing, pages, review

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from listener.lookups.listing import Lookup, LookupFilter

page = Blueprint("lookups", __name__)
NAV = (65, "Look-ups", "lookups.index")

_FILTERS = ("person", "table", "week", "reason")
_LONGEST = 200
"""Characters of a filter."""
_OF_A_PERSON = 50
"""Lines of one person in the review of a week; the list has the others."""
_OF_ALL = 400
"""Lines of the review: people behind them are shown with their numbers alone."""


@dataclass(frozen=True, slots=True)
class PersonWeek:
    """One person in the review of a week."""

    name: str
    said: str
    """What it comes to: ``3 look-ups, 1 without a reason, ...``."""
    shown: list[Lookup]
    left: int
    """How many are not shown."""


@page.get("/lookups")
@needs(Permission.LOOKUPS_READ)
def index() -> str:
    """Newest first, a page at a time: of a person, of a week, without a reason."""
    home = app_context().home
    given = {name: request.args.get(name, "").strip()[:_LONGEST] for name in _FILTERS}
    after = request.args.get("after", "")
    look = browsing.page(home, _wanted(home, given), after=after)
    asked = {name: value for name, value in given.items() if value}
    return render_template(
        "lookups.html.j2",
        look=look,
        given=given,
        asked=asked,
        after=after,
        outcomes=review.OUTCOMES,
        pages=pages,
    )


def _wanted(home: Home, given: dict[str, str]) -> LookupFilter:
    without = given["reason"] == "missing"
    wanted = listing.LookupFilter("", "", given["person"], given["table"], without)
    if not given["week"]:
        return wanted
    week = review.week_filter(given["week"], home.clock.now())
    return replace(wanted, since=week.since, until=week.until)


@page.get("/lookups/review")
@needs(Permission.LOOKUPS_READ)
def weekly() -> str:
    """A week by person, for whoever supervises them: reasons given and missing; a bounded number a page."""
    home = app_context().home
    now = home.clock.now()
    week = request.args.get("week", "").strip().upper()[:_LONGEST] or review.week_before(now)
    wanted = review.week_filter(week, now)
    after = request.args.get("after", "")
    found, older = browsing.by_person(home, wanted, after)
    return render_template(
        "lookup_review.html.j2",
        week=week,
        since=wanted.since,
        until=wanted.until,
        total=pages.summary([one for some in found.values() for one in some]),
        people=list(_people(found)),
        after=after,
        older=older,
        before=review.neighbour(week, -1),
        behind=review.neighbour(week, 1),
        outcomes=review.OUTCOMES,
        pages=pages,
    )


def _people(found: dict[str, list[Lookup]]) -> Iterator[PersonWeek]:
    room = _OF_ALL
    for name, some in found.items():
        shown = some[: min(_OF_A_PERSON, room)]
        room -= len(shown)
        yield PersonWeek(name, pages.summary(some), shown, len(some) - len(shown))


@page.post("/lookups/reviewed")
@needs(Permission.LOOKUPS_REVIEW)
def reviewed() -> Response:
    """Write down what came of those that were ticked: one entry, with your name."""
    home, form = app_context().home, request.form
    ids = form.getlist("id")
    if not ids:
        raise TraplineError("no look-up is chosen", hint="go back and tick those that it is about")
    review.record_outcome(home, ids, form.get("outcome", ""), words("reason", "what came of it"))
    if form.get("list-review"):
        place: dict[str, Any] = {"after": after} if (after := form.get("list-after", "")) else {}
        return redirect(url_for("lookups.weekly", week=form["list-review"], **place), 303)
    if form.get("list-one"):
        return redirect(url_for("lookups.one", id_=ids[0]), 303)
    same: dict[str, Any] = {
        name: value for name in (*_FILTERS, "after") if (value := form.get(f"list-{name}", ""))
    }
    return redirect(url_for("lookups.index", **same), 303)


@page.get("/lookups/<id_>")
@needs(Permission.LOOKUPS_READ)
def one(id_: str) -> str:
    """One look-up, its query still covered."""
    return _shown(browsing.one(app_context().home, id_))


@page.post("/lookups/<id_>/full")
@needs(Permission.LOOKUPS_READ, Permission.LOOKUPS_FULL)
def full(id_: str) -> str:
    """The same page with the query and whose records it touched, once; that somebody looked, and why, is an entry."""
    home = app_context().home
    found = browsing.one(home, id_)
    why = words("reason", "the reason for looking")
    approvals.require(home, permits.actor(), "lookups", f"look-up {found.id}", why)
    review.reveal(home, found.id, 1, why)
    return _shown(found, uncovered=True)


def _shown(found: Lookup, *, uncovered: bool = False) -> str:
    return render_template(
        "lookup.html.j2", one=found, uncovered=uncovered, outcomes=review.OUTCOMES, pages=pages
    )
