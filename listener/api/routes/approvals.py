"""Approvals: what waits for a second person, decided by another account that may do the same."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from marshmallow import Schema, fields

from canaries.accounts import approvals
from canaries.accounts.permissions import Permission
from listener.api.fields import RequestBody, reason
from listener.api.guard import caller
from listener.api.routing import Resource

resource = Resource(
    "approvals",
    "What a second person has to approve: answered 403 and asked for by that; approved, it is done when sent again.",
)


class ApprovalShape(Schema):
    """One request."""

    id = fields.String(required=True)
    deed = fields.String(required=True, metadata={"enum": list(approvals.DEEDS)})
    about = fields.String(required=True)
    by = fields.String(required=True)
    reason = fields.String(required=True)
    asked_at = fields.String(required=True)
    until = fields.String(required=True)
    state = fields.String(
        required=True, metadata={"enum": ["waiting", "approved", "refused", "used", "expired"]}
    )
    decided_by = fields.String(required=True)


class DecisionBody(RequestBody):
    """Why."""

    reason = reason()


@resource.on(
    "GET",
    "/approvals",
    needs=Permission.APPROVALS,
    gives=Schema.from_dict(
        {"items": fields.List(fields.Nested(ApprovalShape), required=True)}, name="ApprovalList"
    ),
)
def listing() -> dict[str, Any]:
    """List the newest hundred requests that you could decide on."""
    who = caller()
    return {"items": [asdict(one) for one in approvals.listing(who.home, who.actor)]}


@resource.on(
    "POST",
    "/approvals/<string:id_>/approve",
    needs=Permission.APPROVALS,
    takes=DecisionBody,
    gives=ApprovalShape,
)
def approve(body: dict[str, Any], id_: str) -> dict[str, Any]:
    """Let whoever asked do it, once, within a day."""
    who = caller()
    return asdict(approvals.decide(who.home, who.actor, id_, body["reason"], approve=True))


@resource.on(
    "POST",
    "/approvals/<string:id_>/refuse",
    needs=Permission.APPROVALS,
    takes=DecisionBody,
    gives=ApprovalShape,
)
def refuse(body: dict[str, Any], id_: str) -> dict[str, Any]:
    """Nothing is done."""
    who = caller()
    return asdict(approvals.decide(who.home, who.actor, id_, body["reason"], approve=False))
