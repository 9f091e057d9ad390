"""Placements: where bait was put, and what the last check found there."""

from __future__ import annotations

import contextlib
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy import and_, or_, select

from canaries.accounts.permissions import Permission
from canaries.core import store
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
    who, table, limit = caller(), store.placement, query["limit"]
    after, account = paging.opened(query["cursor"], 2), own.only(who, Permission.PLACEMENTS_READ)
    chosen = select(table.c.id, table.c.planted_at).where(table.c.sealed.is_not(None))
    if account is not None:
        mine = select(store.canary.c.id).where(store.canary.c.account == account)
        chosen = chosen.where(table.c.canary_id.in_(mine))
    if query["canary"] is not None:
        chosen = chosen.where(table.c.canary_id == query["canary"])
    if after:
        earlier = or_(
            table.c.planted_at < after[0], and_(table.c.planted_at == after[0], table.c.id < after[1])
        )
        chosen = chosen.where(earlier)
    with who.home.store.read() as connection:
        order = (table.c.planted_at.desc(), table.c.id.desc())
        rows = connection.execute(chosen.order_by(*order).limit(limit + 1)).all()
    shown = rows[:limit]
    known = {place.id: place for place in placements.listing(who.home, among=[row.id for row in shown])}
    more = paging.cursor(shown[-1].planted_at, shown[-1].id) if len(rows) > limit else None
    return {"items": [known[row.id].as_dict() for row in shown if row.id in known], "next": more}


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
