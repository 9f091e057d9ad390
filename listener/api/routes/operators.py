"""Operators who sign with keys of their own, and what they proposed to each other: read here, signed at a terminal."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from canaries.accounts.permissions import Permission
from canaries.operators import enrolment, proposals
from listener.api.guard import caller
from listener.api.routing import Resource

resource = Resource(
    "operators", "Who signs what they do. The server has no such key: enrolling and approving need one."
)


class OperatorShape(Schema):
    """An operator whose key is enrolled."""

    name = fields.String(required=True)
    key = fields.String(required=True, metadata={"description": "Public, in the form of OpenSSH."})
    fingerprint = fields.String(required=True)
    since = fields.String(required=True)


class OperatorsShape(Schema):
    """All of them."""

    items = fields.List(fields.Nested(OperatorShape), required=True)


class DeedProposalShape(Schema):
    """What waits for a second operator with a key."""

    id = fields.String(required=True)
    at = fields.String(required=True)
    by = fields.String(required=True)
    proposal = fields.Dict(required=True)


class DeedProposalsShape(Schema):
    """All that waits."""

    items = fields.List(fields.Nested(DeedProposalShape), required=True)


@resource.on("GET", "/operators", needs=Permission.ACCOUNTS_READ, gives=OperatorsShape)
def listing() -> dict[str, Any]:
    """List the operators who sign, and since when."""
    return {
        "items": [
            {"name": one.name, "key": str(one.key), "fingerprint": one.key.fingerprint, "since": one.since}
            for one in enrolment.enrolled(caller().home)
        ]
    }


@resource.on("GET", "/operators/proposals", needs=Permission.ACCOUNTS_READ, gives=DeedProposalsShape)
def waiting() -> dict[str, Any]:
    """List what one of them proposed and another must approve."""
    return {
        "items": [
            {"id": one.id, "at": one.at, "by": one.by, "proposal": one.body}
            for one in proposals.pending(caller().home)
        ]
    }
