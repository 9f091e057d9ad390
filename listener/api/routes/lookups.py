"""Look-ups of watched records: read, a week by person, what came of them. Minimised, as the command line lists them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from marshmallow import Schema, fields, validate

from canaries.accounts import approvals
from canaries.accounts.permissions import Permission
from canaries.core import clock
from canaries.core.errors import NotFoundError
from listener.api import paging
from listener.api.fields import LONG_ID, PageQuery, RequestBody, named, page_of, reason, words
from listener.api.guard import caller
from listener.api.routing import Resource
from listener.lookups import browsing, listing, review

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from listener.lookups.listing import Lookup, LookupFilter

resource = Resource(
    "lookups", "Look-ups of watched records, with the reasons given. Reasons and names are a client's words."
)
_MOST = 200
"""Look-ups that one request marks as reviewed."""


class OutcomeShape(Schema):
    """What a reviewer found."""

    found = fields.String(required=True, metadata={"enum": list(review.OUTCOMES)})
    by = fields.String(required=True)
    at = fields.String(required=True)
    note = fields.String(required=True)


class LookupShape(Schema):
    """One statement at one table: neither its query nor whose records it touched. `at` is the database's clock."""

    id = fields.String(required=True)
    at = fields.String(required=True)
    person = fields.String(required=True)
    table = fields.String(required=True)
    user = fields.String(required=True)
    client = fields.String(required=True)
    port = fields.Integer(required=True)
    application = fields.String(required=True)
    actor = fields.String(required=True)
    reason = fields.String(required=True, metadata={"description": "Empty: none was given."})
    reason_from = fields.String(required=True)
    rows = fields.Integer(required=True, metadata={"description": "Watched rows that it touched, of `of`."})
    of = fields.Integer(required=True)
    relation = fields.String(required=True)
    certificate = fields.String(
        required=True,
        metadata={"description": "Name in the client's certificate, where a proxy verified one."},
    )
    exempt = fields.Boolean(
        required=True, metadata={"description": "A program's own read, which needs no reason."}
    )
    outcome = fields.Nested(OutcomeShape, required=True, allow_none=True)


class WatchedShape(Schema):
    """A watched record that was touched."""

    watch = fields.String(required=True)
    owner = fields.String(required=True)
    why = fields.String(required=True)
    person = fields.String(required=True)


class FullLookupShape(LookupShape):
    """With the query, and whose records it touched."""

    query = fields.String(required=True)
    records = fields.List(fields.Nested(WatchedShape), required=True)
    entries = fields.List(fields.String(), required=True)


def _week(**more: Any) -> fields.String:
    more |= {"metadata": {"description": "ISO week in UTC, such as 2026-W48."}}
    return named(r"^([0-9]{4}-W[0-9]{2})?$", load_default="", **more)


class LookupQuery(PageQuery):
    """Which look-ups."""

    person = words(200, load_default="", metadata={"description": "A person, or a database user."})
    table = words(200, load_default="")
    week = _week()
    since = words(40, load_default="", metadata={"description": "Since then: 2h, 7d or a date."})
    without_reason = fields.Boolean(load_default=False)


class ReviewQuery(RequestBody):
    """Which week; without: the last whole one."""

    week = _week()
    cursor = words(400, load_default="", metadata={"description": "`next` of the part before."})


class PersonTotalsShape(Schema):
    """What one person's look-ups of a week come to."""

    person = fields.String(required=True)
    lookups = fields.Integer(required=True)
    without_reason = fields.Integer(required=True, metadata={"description": "Of those that needed one."})
    exempt = fields.Integer(
        required=True, metadata={"description": "By programs whose reads need no reason."}
    )
    own = fields.Integer(required=True, metadata={"description": "Of their own record."})
    colleagues = fields.Integer(required=True, metadata={"description": "Of records of people on the list."})
    reviewed = fields.Integer(required=True)


class WeekReviewShape(Schema):
    """A week by person; the look-ups themselves: `/lookups` with `week` and `person`.

    Of a week with more than a thousand look-ups it is a part: add up those that `next` leads to.
    """

    week = fields.String(required=True)
    since = fields.String(required=True)
    until = fields.String(required=True)
    people = fields.List(fields.Nested(PersonTotalsShape), required=True)
    following = fields.String(
        required=True, allow_none=True, data_key="next", metadata={"description": "Null: that was all."}
    )


class ReviewedBody(RequestBody):
    """What came of look-ups."""

    lookups = fields.List(named(LONG_ID), required=True, validate=validate.Length(min=1, max=_MOST))
    outcome = fields.String(required=True, validate=validate.OneOf(list(review.OUTCOMES)))
    reason = reason()


class ReviewedShape(Schema):
    """Which look-ups the entry is about."""

    reviewed = fields.List(fields.String(), required=True)


class WhyBody(RequestBody):
    """Why."""

    reason = reason()


@resource.on(
    "GET",
    "/lookups",
    needs=Permission.LOOKUPS_READ,
    asks=LookupQuery,
    gives=page_of(LookupShape, "LookupPage"),
)
def all_(query: dict[str, Any]) -> dict[str, Any]:
    """List look-ups, newest first. A page may be short, even empty, and still have a `next`."""
    home, after = caller().home, paging.opened(query["cursor"], 2)
    look = browsing.page(home, _wanted(home, query), after=",".join(after or ()), size=query["limit"])
    more = paging.cursor(*look.after.split(",")) if look.after else None
    return {"items": [one.as_dict(full=False) for one in look.found], "next": more}


def _wanted(home: Home, query: dict[str, Any]) -> LookupFilter:
    now = home.clock.now()
    wanted = listing.LookupFilter("", "", query["person"], query["table"], query["without_reason"])
    if query["week"]:
        week = review.week_filter(query["week"], now)
        wanted = replace(wanted, since=week.since, until=week.until)
    if query["since"]:
        wanted = replace(wanted, since=max(wanted.since, clock.since(query["since"], now)))
    return wanted


@resource.on("GET", "/lookups/review", needs=Permission.LOOKUPS_READ, asks=ReviewQuery, gives=WeekReviewShape)
def weekly(query: dict[str, Any]) -> dict[str, Any]:
    """A week by person: how many look-ups, how many of them without a reason, how many reviewed."""
    home, after = caller().home, paging.opened(query["cursor"], 2)
    now = home.clock.now()
    week = query["week"] or review.week_before(now)
    wanted = review.week_filter(week, now)
    found, older = browsing.by_person(home, wanted, ",".join(after or ()))
    totals = [{"person": person, **listing.totals(some)} for person, some in found.items()]
    more = paging.cursor(*older.split(",")) if older else None
    return {
        "week": week,
        "since": wanted.since,
        "until": wanted.until,
        "people": totals,
        "following": more,
    }


@resource.on("GET", "/lookups/<string:id_>", needs=Permission.LOOKUPS_READ, gives=LookupShape)
def one(id_: str) -> dict[str, Any]:
    """One look-up."""
    return _find(id_).as_dict(full=False)


@resource.on(
    "POST",
    "/lookups/<string:id_>/full",
    needs=Permission.LOOKUPS_FULL,
    takes=WhyBody,
    gives=FullLookupShape,
)
def full(body: dict[str, Any], id_: str) -> dict[str, Any]:
    """Its query, and whose records it touched; that somebody looked, and why, is an entry."""
    home, found = caller().home, _find(id_)
    approvals.require(home, caller().actor, "lookups", f"look-up {found.id}", body["reason"])
    review.reveal(home, found.id, 1, body["reason"])
    return found.as_dict(full=True)


@resource.on(
    "POST",
    "/lookups/reviewed",
    needs=Permission.LOOKUPS_REVIEW,
    takes=ReviewedBody,
    gives=ReviewedShape,
    status=201,
)
def reviewed(body: dict[str, Any]) -> dict[str, Any]:
    """Write down what came of look-ups: one entry, with the account's name."""
    home = caller().home
    return {"reviewed": review.record_outcome(home, body["lookups"], body["outcome"], body["reason"])}


def _find(id_: str) -> Lookup:
    """By its whole id: a beginning of one is for people."""
    found = browsing.one(caller().home, id_)
    if found.id != id_:
        raise NotFoundError(f"there is no look-up {id_}")
    return found
