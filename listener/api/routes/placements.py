"""Placements: where bait was put, and what the last check found there."""

from __future__ import annotations

import contextlib
from typing import Any

from marshmallow import Schema, fields

from canaries.accounts.permissions import Permission
from canaries.core.errors import NotFoundError
from canaries.plant import noting, placements
from listener.api import own, paging
from listener.api.fields import ID, PageQuery, RequestBody, named, page_of, words
from listener.api.guard import caller
from listener.api.routing import Resource

resource = Resource("placements", "Where bait was put, and whether it is still there.")


class PlacementShape(Schema):
    """One place."""

    id = fields.String(required=True)
    canary = fields.String(required=True)
    state = fields.String(required=True)
    planter = fields.String(required=True)
    target = fields.String(required=True)
    by = fields.String(required=True)
    planted_at = fields.String(required=True)
    checked_at = fields.String(required=True)


class PlacementQuery(PageQuery):
    """Which placements."""

    canary = named(ID, load_default=None)


class PlaceBody(RequestBody):
    """Where its bait was put."""

    target = words(
        noting.LONGEST,
        least=1,
        required=True,
        metadata={"description": "In words: a host and a file, a wiki page. Nothing here looks at it."},
    )


@resource.on(
    "GET",
    "/placements",
    needs=Permission.PLACEMENTS_READ,
    asks=PlacementQuery,
    gives=page_of(PlacementShape, "PlacementPage"),
)
def listing(query: dict[str, Any]) -> dict[str, Any]:
    """List placements, newest first."""
    who, after, limit = caller(), paging.opened(query["cursor"], 2), query["limit"]
    places = placements.newest(
        who.home,
        account=own.only(who, Permission.PLACEMENTS_READ) or "",
        canary=query["canary"],
        after=(after[0], after[1]) if after else None,
        size=limit + 1,
    )
    shown = places[:limit]
    known = {place.id: place for place in placements.listing(who.home, among=[id_ for _, id_ in shown])}
    more = paging.cursor(*shown[-1]) if len(places) > limit else None
    return {"items": [known[id_].as_dict() for _, id_ in shown if id_ in known], "next": more}


@resource.on(
    "POST",
    "/canaries/<string:id_>/placements",
    needs=Permission.PLACEMENTS_NOTE,
    takes=PlaceBody,
    gives=PlacementShape,
    status=201,
)
def note(body: dict[str, Any], id_: str) -> dict[str, Any]:
    """Note where its bait was put, by whoever put it there. A place that is on record already is answered as it is."""
    who = caller()
    canary = own.canary(who, id_, Permission.PLACEMENTS_NOTE)
    placement = noting.note(who.home, canary, body["target"])
    (found,) = placements.listing(who.home, among=[placement])
    return found.as_dict()


@resource.on("GET", "/placements/<string:id_>", needs=Permission.PLACEMENTS_READ, gives=PlacementShape)
def one(id_: str) -> dict[str, Any]:
    """One placement."""
    who = caller()
    for place in placements.listing(who.home, among=[id_]):
        with contextlib.suppress(
            NotFoundError
        ):  # its sentence names the canary: another's is not to be learned
            own.canary(who, place.canary, Permission.PLACEMENTS_READ)
            return place.as_dict()
    raise NotFoundError(f"there is no placement {id_}")
