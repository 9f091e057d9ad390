"""Test-fires: uses of a canary by its own people are marked as such for some minutes."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from canaries.accounts.permissions import Permission
from canaries.core import clock
from listener.api import own
from listener.api.fields import RequestBody, words
from listener.api.guard import caller
from listener.api.routing import Resource
from listener.notify import rules

resource = Resource("test_fires", "Trying bait: for some minutes its alerts begin with TEST.")


class TestFireBody(RequestBody):
    """How long, and from where."""

    networks = fields.List(words(64, least=1), load_default=list, validate=validate.Length(max=10))
    minutes = fields.Integer(load_default=5, validate=validate.Range(min=1, max=60))
    reason = words(4000, load_default="test-fire")


class TestFireShape(Schema):
    """Until when uses are marked."""

    canary = fields.String(required=True)
    rule = fields.String(required=True)
    expires_at = fields.String(required=True)


@resource.on(
    "POST",
    "/canaries/<string:id_>/test-fire",
    needs=Permission.CANARIES_REVEAL,
    takes=TestFireBody,
    gives=TestFireShape,
    status=201,
)
def start(body: dict[str, Any], id_: str) -> dict[str, str]:
    """Mark uses of it as your own test; somebody else's too, unless you name your networks."""
    who = caller()
    canary_id = own.canary(who, id_, Permission.CANARIES_REVEAL)
    made = rules.add(
        who.home,
        "test",
        expires_at=clock.until(f"{body['minutes']}m", who.home.clock.now()),
        reason=body["reason"],
        networks=body["networks"],
        canary=canary_id,
    )
    return {"canary": canary_id, "rule": made.id, "expires_at": made.expires_at}
