"""Legal holds: what must not be erased, on whose order, why, and when that is looked at again."""

from __future__ import annotations

import threading
from dataclasses import asdict
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from canaries.accounts import approvals
from canaries.accounts.permissions import Permission
from canaries.core.errors import NotFoundError
from canaries.mint import catalogue
from canaries.operators import holds
from canaries.operators.holds import Hold
from listener.api import etags, incident_states
from listener.api.fields import ID, INCIDENT, RequestBody, named, reason, words
from listener.api.guard import caller
from listener.api.routing import Resource

resource = Resource("holds", "What is held loses no raw bytes and no record. Each step is an entry.")
_editing = threading.Lock()
_SEEN = {"If-Match": "Required: the ETag of the hold that you saw."}


class HoldShape(Schema):
    """One hold that stands."""

    id = fields.String(required=True)
    noun = fields.String(required=True, metadata={"enum": ["incident", "canary"]})
    name = fields.String(required=True, metadata={"description": "Id of the incident or canary."})
    placed_at = fields.String(required=True)
    review = fields.String(
        required=True, metadata={"description": "Date: by when its owner looks at it again."}
    )
    by = fields.String(required=True)
    owner = fields.String(required=True)
    reason = fields.String(required=True)


class HoldsShape(Schema):
    """All that stand, oldest first."""

    items = fields.List(fields.Nested(HoldShape), required=True)


class HoldBody(RequestBody):
    """A hold to place: on an incident or a canary."""

    incident = named(INCIDENT)
    canary = named(ID)
    owner = words(200, least=1, required=True, metadata={"description": "Who decides: a name or an office."})
    until = fields.Date(required=True)
    reason = reason()

    @validates_schema
    def _one_thing(self, data: dict[str, Any], **_: Any) -> None:
        if ("incident" in data) == ("canary" in data):
            raise ValidationError("give either an incident or a canary")


class HoldReviewBody(RequestBody):
    """Until when it goes on."""

    until = fields.Date(required=True)
    reason = words(4000, load_default="")


class HoldReleaseBody(RequestBody):
    """Why it ends."""

    reason = reason()


@resource.on("GET", "/holds", needs=Permission.LEDGER_READ, gives=HoldsShape)
def listing() -> dict[str, Any]:
    """List the holds that stand."""
    home = caller().home
    with home.store.read() as connection:
        every = holds.standing(connection)
    return {"items": [_said(one) for one in every]}


@resource.on("POST", "/holds", needs=Permission.HOLDS_CHANGE, takes=HoldBody, gives=HoldShape, status=201)
def place(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Keep an incident, or a canary with all its hits, from erasure and retention."""
    home = caller().home
    more = {"owner": body["owner"], "reason": body["reason"], "review": body["until"]}
    if "incident" in body:
        return _shown(holds.place(home, "incident", incident_states.find(home, body["incident"]).id, **more))
    return _shown(holds.place(home, "canary", catalogue.find(home, body["canary"]).id, **more))


@resource.on("GET", "/holds/<string:id_>", needs=Permission.LEDGER_READ, gives=HoldShape)
def one(id_: str) -> tuple[dict[str, Any], dict[str, str]]:
    """One hold. Its ETag is for reviewing and releasing it."""
    return _shown(_find(id_))


@resource.on(
    "PATCH",
    "/holds/<string:id_>",
    needs=Permission.HOLDS_CHANGE,
    takes=HoldReviewBody,
    gives=HoldShape,
    headers=_SEEN,
)
def review(body: dict[str, Any], id_: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Let it go on until another date."""
    with _editing:
        etags.require_match(_tag(_find(id_)))
        return _shown(holds.review(caller().home, id_, body["until"], body["reason"]))


@resource.on(
    "POST",
    "/holds/<string:id_>/release",
    needs=Permission.HOLDS_CHANGE,
    takes=HoldReleaseBody,
    status=204,
    headers=_SEEN,
)
def release(body: dict[str, Any], id_: str) -> None:
    """Lift it: erasure and retention apply again."""
    who = caller()
    with _editing:
        found = _find(id_)
        etags.require_match(_tag(found))
        approvals.require(who.home, who.actor, "holds", f"{found.noun} {found.name}", body["reason"])
        holds.release(who.home, found.id, body["reason"])


def _find(id_: str) -> Hold:
    """By its whole id. Raises NotFoundError."""
    found = holds.find(caller().home, id_)
    if found.id != id_:
        raise NotFoundError(f"there is no hold {id_}")
    return found


def _said(found: Hold) -> dict[str, Any]:
    return {**asdict(found), **holds.words(caller().home, found)}


def _shown(found: Hold) -> tuple[dict[str, Any], dict[str, str]]:
    return _said(found), etags.headers(_tag(found))


def _tag(found: Hold) -> str:
    return etags.tag_of({"id": found.id, "review": found.review})
