"""Rules that mark hits as the operator's own and keep them quiet: list, propose, make, review, end."""

from __future__ import annotations

import threading
from typing import Any

from marshmallow import Schema, fields, validate

from canaries.accounts.permissions import Permission
from canaries.core import clock
from canaries.mint import catalogue
from listener.api import etags, incident_states
from listener.api.fields import ID, RequestBody, named, reason, words
from listener.api.guard import caller
from listener.api.routing import Resource
from listener.notify import rule_proposals, rules
from listener.notify.rules import MarkingRule

resource = Resource(
    "rules", "What is your own: its hits are recorded and marked, and nobody is told of them."
)
_editing = threading.Lock()


class RuleShape(Schema):
    """One rule: hits to which everything that it gives applies."""

    id = fields.String(required=True)
    mark = fields.String(required=True, metadata={"enum": ["own", "mute", "test"]})
    created_at = fields.String(required=True)
    expires_at = fields.String(required=True)
    owner = fields.String(required=True)
    reason = fields.String(required=True)
    networks = fields.List(fields.String(), required=True)
    client = fields.String(required=True)
    canary = fields.String(required=True)
    reviewed_at = fields.String(required=True)
    reviewed_by = fields.String(required=True)


class RulesShape(Schema):
    """All that hold now, the narrowest first: the first that applies marks a hit."""

    items = fields.List(fields.Nested(RuleShape), required=True)


class ProposalShape(Schema):
    """What a rule could give; a person judges it."""

    networks = fields.List(fields.String(), required=True)
    client = fields.String(required=True, metadata={"description": "As the visitor sent it: hostile."})
    canaries = fields.List(fields.String(), required=True)


class RuleBody(RequestBody):
    """A rule to make. All that is given must apply."""

    mark = fields.String(
        load_default="own",
        validate=validate.OneOf(["own", "mute"]),
        metadata={"description": "`own` needs a network, `mute` a canary or a network."},
    )
    networks = fields.List(words(64, least=1), load_default=list, validate=validate.Length(max=50))
    client = words(200, load_default="")
    canary = named(ID, load_default=None)
    lasting = words(40, load_default="90d", metadata={"description": "30m, 12h, 90d or a date."})
    owner = words(200, load_default="", metadata={"description": "Who answers for it; empty: you."})
    reason = reason()


class ReviewBody(RequestBody):
    """That it is still needed."""

    lasting = words(40, required=True, metadata={"description": "From now on: 30m, 12h, 90d or a date."})
    reason = reason()


class EndBody(RequestBody):
    """Why it ends."""

    reason = reason()


@resource.on("GET", "/rules", needs=Permission.ALERTS_READ, gives=RulesShape)
def listing() -> dict[str, Any]:
    """List the rules that hold now."""
    home = caller().home
    with home.store.read() as connection:
        return {"items": [one.as_dict() for one in rules.load(connection, home, home.now())]}


@resource.on("GET", "/incidents/<string:id_>/rule", needs=Permission.INCIDENTS_READ, gives=ProposalShape)
def proposal(id_: str) -> dict[str, Any]:
    """Propose a rule for what is like the newest hit of an incident."""
    found = rule_proposals.of_incident(caller().home, incident_states.find(caller().home, id_).id)
    return {"networks": list(found.networks), "client": found.client, "canaries": list(found.canaries)}


@resource.on("POST", "/rules", needs=Permission.ALERTS_CHANGE, takes=RuleBody, gives=RuleShape, status=201)
def add(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Mark hits from now on."""
    home = caller().home
    return _shown(
        rules.add(
            home,
            body["mark"],
            expires_at=clock.until(body["lasting"], home.clock.now()),
            reason=body["reason"],
            owner=body["owner"],
            networks=body["networks"],
            client=body["client"],
            canary=catalogue.find(home, body["canary"]).id if body["canary"] else "",
        )
    )


@resource.on("GET", "/rules/<string:id_>", needs=Permission.ALERTS_READ, gives=RuleShape)
def one(id_: str) -> tuple[dict[str, Any], dict[str, str]]:
    """One rule. Its ETag is for reviewing and ending it."""
    return _shown(rules.find(caller().home, id_))


@resource.on(
    "PATCH",
    "/rules/<string:id_>",
    needs=Permission.ALERTS_CHANGE,
    takes=ReviewBody,
    gives=RuleShape,
    headers={"If-Match": "Required: the ETag of the rule that you saw."},
)
def review(body: dict[str, Any], id_: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Let it go on until another time, under your name."""
    home = caller().home
    with _editing:
        etags.require_match(_tag(rules.find(home, id_)))
        return _shown(rules.review(home, id_, clock.until(body["lasting"], home.clock.now()), body["reason"]))


@resource.on("POST", "/rules/<string:id_>/end", needs=Permission.ALERTS_CHANGE, takes=EndBody, status=204)
def end(body: dict[str, Any], id_: str) -> None:
    """End it before its time. Hits that it marked stay marked."""
    rules.remove(caller().home, rules.find(caller().home, id_).id, body["reason"])


def _shown(rule: MarkingRule) -> tuple[dict[str, Any], dict[str, str]]:
    return rule.as_dict(), etags.headers(_tag(rule))


def _tag(rule: MarkingRule) -> str:
    return etags.tag_of({"id": rule.id, "expires_at": rule.expires_at, "reviewed_at": rule.reviewed_at})
