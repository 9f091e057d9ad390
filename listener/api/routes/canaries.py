"""Canaries: list, show, amend, retire, reveal."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import and_, or_, select

from canaries.accounts import approvals
from canaries.accounts.permissions import Permission
from canaries.core import clock, store
from canaries.core.errors import NotFoundError, TraplineError
from canaries.mint import amending, catalogue
from canaries.mint.catalogue import Summary
from listener.api import etags, own, paging
from listener.api.fields import PageQuery, RequestBody, kind_name, page_of, reason, words
from listener.api.guard import Caller, caller
from listener.api.placed import at, place_words
from listener.api.problems import ApiError
from listener.api.routing import Resource
from listener.api.shapes import BaitShape, CanaryShape, as_bait, as_canary, editable, state_of

resource = Resource("canaries", "Bait: listed, amended, retired, shown again.")

_LOOKED_AT = 2000
"""Records that one request opens at most to fill its page; a page may be short, and then has a cursor."""
_editing = threading.Lock()
"""Between comparing a tag and changing what it is of."""


class CanaryQuery(PageQuery):
    """Which canaries."""

    q = words(
        200, load_default="", metadata={"description": "Words that id, kind, memo, recipient or owner hold."}
    )
    kind = kind_name(load_default=None)
    state = fields.String(load_default=None, validate=validate.OneOf(["live", "retired", "expired"]))
    recipient = words(200, load_default="")
    tag = words(100, load_default="")
    place = place_words()


class CanaryChanges(RequestBody):
    """What is given is changed; the bait never is."""

    memo = words(2000)
    recipient = words(400)
    owner = words(64, least=1)
    expires_at = words(40, metadata={"description": "RFC 3339, in the future."})
    tags = fields.List(words(100, least=1), validate=validate.Length(max=50))
    untags = fields.List(words(100, least=1), validate=validate.Length(max=50))
    reason = words(4000, load_default="")


class ReasonBody(RequestBody):
    """Why."""

    reason = reason()


@resource.on(
    "GET",
    "/canaries",
    needs=Permission.CANARIES_READ,
    asks=CanaryQuery,
    gives=page_of(CanaryShape, "CanaryPage"),
)
def listing(query: dict[str, Any]) -> dict[str, Any]:
    """List canaries, newest first."""
    who, table, limit = caller(), store.canary, query["limit"]
    after, now = paging.opened(query["cursor"], 2), who.home.now()
    account, hits = own.only(who, Permission.CANARIES_READ), who.actor.may(Permission.HITS_READ)
    chosen = select(table.c.id, table.c.created_at).where(table.c.sealed.is_not(None))
    chosen = chosen if account is None else chosen.where(table.c.account == account)
    chosen = chosen if query["kind"] is None else chosen.where(table.c.kind == query["kind"])
    if query["place"].strip():
        chosen = chosen.where(table.c.id.in_(at(who.home, query["place"])))
    if after:
        older = or_(
            table.c.created_at < after[0], and_(table.c.created_at == after[0], table.c.id < after[1])
        )
        chosen = chosen.where(older)
    with who.home.store.read() as connection:
        order = (table.c.created_at.desc(), table.c.id.desc())
        rows = connection.execute(chosen.order_by(*order).limit(_LOOKED_AT + 1)).all()
    items: list[dict[str, Any]] = []
    last = None
    for chunk in _chunks(rows):
        known = {one.id: one for one in catalogue.listing(who.home, among=[row.id for row in chunk])}
        for row in chunk:
            one = known.get(row.id)
            if one is not None and _wanted(one, query, now):
                if len(items) == limit:
                    return {"items": items, "next": last}
                items.append(as_canary(one, now, hits=hits))
            last = paging.cursor(row.created_at, row.id)
    return {"items": items, "next": last if len(rows) > _LOOKED_AT else None}


def _chunks(rows: Any) -> Iterator[Any]:
    return (rows[start : min(start + 200, _LOOKED_AT)] for start in range(0, min(len(rows), _LOOKED_AT), 200))


def _wanted(one: Summary, query: dict[str, Any], now: str) -> bool:
    said = "\n".join((one.id, one.kind, one.memo, one.recipient, one.owner)).casefold()
    return (
        all(word in said for word in query["q"].casefold().split())
        and query["state"] in (None, state_of(one, now))
        and query["recipient"].casefold() in one.recipient.casefold()
        and (not query["tag"] or query["tag"] in one.tags)
    )


@resource.on("GET", "/canaries/<string:id_>", needs=Permission.CANARIES_READ, gives=CanaryShape)
def one(id_: str) -> tuple[dict[str, Any], dict[str, str]]:
    """One canary, without its bait. Its ETag is for changing it."""
    return _shown(caller(), id_, Permission.CANARIES_READ)


def _shown(who: Caller, id_: str, permission: Permission) -> tuple[dict[str, Any], dict[str, str]]:
    found = catalogue.summary(who.home, own.canary(who, id_, permission))
    value = as_canary(found, who.home.now(), hits=who.actor.may(Permission.HITS_READ))
    return value, etags.headers(etags.tag_of(editable(found)))


@resource.on(
    "PATCH",
    "/canaries/<string:id_>",
    needs=Permission.CANARIES_CHANGE,
    takes=CanaryChanges,
    gives=CanaryShape,
    headers={"If-Match": "Required: the ETag of the state that you saw."},
)
def amend(body: dict[str, Any], id_: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Change memo, recipient, owner, expiry or tags. An owner is changed by whoever reaches all canaries."""
    who = caller()
    canary = catalogue.find(who.home, own.canary(who, id_, Permission.CANARIES_CHANGE))
    if "owner" in body and not who.actor.may_all(Permission.CANARIES_CHANGE):
        raise ApiError(403, "Forbidden", "the owner is changed by somebody who reaches all canaries")
    expires = body.get("expires_at")
    with _editing:
        etags.require_match(etags.tag_of(editable(catalogue.summary(who.home, canary.id))))
        amending.amend(
            who.home,
            [canary],
            memo=body.get("memo"),
            owner=body.get("owner"),
            recipient=body.get("recipient"),
            expires_at=clock.until(expires, who.home.clock.now()) if expires else expires,
            tags=body.get("tags", ()),
            untags=body.get("untags", ()),
            reason=body["reason"],
        )
    return _shown(who, canary.id, Permission.CANARIES_CHANGE)


@resource.on(
    "POST",
    "/canaries/<string:id_>/retire",
    needs=Permission.CANARIES_CHANGE,
    takes=ReasonBody,
    gives=CanaryShape,
)
def retire(body: dict[str, Any], id_: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Take it out of service; its hits are recorded while its trap is open."""
    who = caller()
    canary_id = own.canary(who, id_, Permission.CANARIES_CHANGE)
    if catalogue.summary(who.home, canary_id).retired_at:
        raise ApiError(409, "Conflict", f"canary {canary_id} was already retired")
    try:
        catalogue.retire(who.home, canary_id, body["reason"])
    except NotFoundError as error:
        raise ApiError(409, "Conflict", error.sentence) from None
    return _shown(who, canary_id, Permission.CANARIES_CHANGE)


@resource.on(
    "POST",
    "/canaries/<string:id_>/reveal",
    needs=Permission.CANARIES_REVEAL,
    takes=ReasonBody,
    gives=BaitShape,
)
def reveal(body: dict[str, Any], id_: str) -> dict[str, Any]:
    """Show its bait again; that somebody looked, and why, is an entry."""
    who = caller()
    canary_id = own.canary(who, id_, Permission.CANARIES_REVEAL)
    if own.minter(who.home, canary_id) != who.actor.account:
        approvals.require(who.home, who.actor, "reveal", f"canary {canary_id}", body["reason"])
    canary = catalogue.reveal(who.home, canary_id, body["reason"])
    try:
        bait = catalogue.bait(who.home, canary)
    except TraplineError:
        bait = None
    return as_bait(canary, bait)
