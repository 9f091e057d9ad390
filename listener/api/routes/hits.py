"""Hits: what was observed, what was derived, and, with a reason, the bytes as they came."""

from __future__ import annotations

import base64
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy import select

from canaries.accounts import approvals
from canaries.accounts.permissions import Permission
from canaries.core import clock, store
from canaries.core.errors import NotFoundError
from listener.api import paging
from listener.api.fields import ID, INCIDENT, PageQuery, RequestBody, kind_name, named, page_of, reason, words
from listener.api.guard import caller
from listener.api.placed import among, place_words
from listener.api.routing import Resource
from listener.incidents import queries

resource = Resource("hits", "Uses of bait. Texts in them are as visitors sent them: treat them as hostile.")


class SourceShape(Schema):
    """The peer of the connection."""

    ip = fields.String(required=True)
    port = fields.Integer(required=True)


class HitShape(Schema):
    """One observed use of a canary; `facts` were derived, each with source and date."""

    id = fields.String(required=True)
    canary = fields.String(required=True)
    kind = fields.String(required=True)
    facet = fields.String(required=True)
    facets = fields.List(fields.String(), required=True)
    trap = fields.String(required=True)
    observed_at = fields.String(required=True)
    source = fields.Nested(SourceShape, required=True)
    client = fields.String(required=True)
    request = fields.String(required=True)
    host = fields.String()
    did = fields.String()
    answer = fields.String()
    raw_sha256 = fields.String(allow_none=True)
    raw_truncated = fields.Raw()
    incident = fields.String(required=True)
    why = fields.String(required=True)
    facts = fields.Dict(required=True)
    sealed = fields.Integer(allow_none=True)


class HitQuery(PageQuery):
    """Which hits."""

    canary = named(ID, load_default=None)
    incident = named(INCIDENT, load_default=None)
    place = place_words()
    kind = kind_name(load_default=None)
    since = words(40, load_default="", metadata={"description": "Observed since then: 2h, 7d or a date."})


class RawBody(RequestBody):
    """Why."""

    reason = reason()


class RawShape(Schema):
    """The bytes exactly as they came."""

    content = fields.String(required=True, metadata={"description": "Base64."})


@resource.on("GET", "/hits", needs=Permission.HITS_READ, asks=HitQuery, gives=page_of(HitShape, "HitPage"))
def listing(query: dict[str, Any]) -> dict[str, Any]:
    """List hits, newest first."""
    who, table, limit = caller(), store.hit, query["limit"]
    after = paging.opened(query["cursor"], 1)
    chosen = select(table.c.id).where(table.c.part == "").order_by(table.c.id.desc()).limit(limit + 1)
    canaries = among(who.home, query["canary"], query["place"])
    chosen = chosen if canaries is None else chosen.where(table.c.canary_id.in_(canaries))
    chosen = chosen.where(table.c.incident_id == query["incident"]) if query["incident"] else chosen
    if query["kind"] is not None:
        chosen = chosen.where(
            table.c.canary_id.in_(select(store.canary.c.id).where(store.canary.c.kind == query["kind"]))
        )
    if query["since"]:
        chosen = chosen.where(table.c.observed_at >= clock.since(query["since"], who.home.clock.now()))
    if after:
        chosen = chosen.where(table.c.id < after[0])
    with who.home.store.read() as connection:
        ids = list(connection.execute(chosen).scalars())
    items = []
    for hit_id in ids[:limit]:
        try:
            items.append(queries.one(who.home, hit_id).as_dict())
        except NotFoundError:  # erased
            continue
    return {"items": items, "next": paging.cursor(ids[limit - 1]) if len(ids) > limit else None}


@resource.on("GET", "/hits/<string:id_>", needs=Permission.HITS_READ, gives=HitShape)
def one(id_: str) -> dict[str, Any]:
    """One hit."""
    return queries.one(caller().home, id_).as_dict()


@resource.on("POST", "/hits/<string:id_>/raw", needs=Permission.HITS_RAW, takes=RawBody, gives=RawShape)
def raw(body: dict[str, Any], id_: str) -> dict[str, Any]:
    """The bytes as they came; that somebody looked, and why, is an entry."""
    home = caller().home
    hit = queries.one(home, id_)
    approvals.require(home, caller().actor, "raw", f"hit {hit.id}", body["reason"])
    said = home.act("revealed", {"canary": hit.canary, "hit": hit.id, "reason": body["reason"].strip()})
    with home.store.write() as connection:
        home.writer.put(connection, said)
    found = queries.raw(home, hit.id)
    if found is None:
        raise NotFoundError("these bytes were erased")
    return {"content": base64.b64encode(found).decode()}
