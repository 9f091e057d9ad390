"""Links: incidents that may be one actor's, suggested with their reasons, and what operators decided."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from canaries.accounts.permissions import Permission
from listener.api.fields import INCIDENT, RequestBody, named, reason
from listener.api.guard import caller
from listener.api.routing import Resource
from listener.incidents import linking, queries

resource = Resource(
    "links", "Incidents that may be one actor's. A suggestion joins nothing and is no evidence."
)


class LinkReasonShape(Schema):
    """One thing that speaks for or against it."""

    bits = fields.Float(required=True)
    sort = fields.String(required=True)
    sentence = fields.String(required=True)


class LinkShape(Schema):
    """Two incidents."""

    incidents = fields.List(fields.String(), required=True)
    bits = fields.Float(required=True, metadata={"description": "Beyond what chance would give."})
    reasons = fields.List(fields.Nested(LinkReasonShape), required=True)


class LinkDecisionShape(Schema):
    """What an operator said of two incidents."""

    incidents = fields.List(fields.String(), required=True)
    decision = fields.String(required=True)
    by = fields.String(required=True)
    at = fields.String(required=True)
    reason = fields.String(required=True)


class LinksShape(Schema):
    """Everything that is known of links, the weightiest first."""

    links = fields.List(fields.Nested(LinkShape), required=True)
    campaigns = fields.List(fields.List(fields.String()), required=True)
    decisions = fields.List(fields.Nested(LinkDecisionShape), required=True)


class LinkQuery(Schema):
    """Of which incident."""

    incident = named(INCIDENT, load_default=None)


class LinkDecisionBody(RequestBody):
    """A decision on two incidents."""

    incidents = fields.List(named(INCIDENT), required=True, validate=validate.Length(equal=2))
    decision = fields.String(required=True, validate=validate.OneOf([linking.CONFIRMED, linking.REJECTED]))
    reason = reason()


class LinkEntriesShape(Schema):
    """The entries that a decision wrote, one in each incident."""

    entries = fields.List(fields.String(), required=True)


@resource.on(
    "GET",
    "/links",
    needs=Permission.INCIDENTS_READ,
    asks=LinkQuery,
    gives=LinksShape,
)
def listing(query: dict[str, Any]) -> dict[str, Any]:
    """Suggest links and campaigns from the newest hits, less what was rejected; some seconds."""
    home, wanted = caller().home, query["incident"]
    if wanted is not None:
        wanted = queries.incident(home, wanted).id
    found = linking.suggestions(home)
    return {
        "links": [
            {
                "incidents": list(link.pair),
                "bits": round(link.bits, 2),
                "reasons": [
                    {"bits": round(one.bits, 2), "sort": one.sort, "sentence": one.sentence}
                    for one in link.reasons
                ],
            }
            for link in sorted(found.links, key=lambda link: -link.bits)
            if wanted in (None, *link.pair)
        ],
        "campaigns": [list(group) for group in found.campaigns if wanted in (None, *group)],
        "decisions": [
            {
                "incidents": list(said.pair),
                "decision": said.decision,
                "by": said.by,
                "at": said.at,
                "reason": said.reason,
            }
            for said in linking.decisions(home)
            if wanted in (None, *said.pair)
        ],
    }


@resource.on(
    "POST",
    "/links",
    needs=Permission.INCIDENTS_CHANGE,
    takes=LinkDecisionBody,
    gives=LinkEntriesShape,
    status=201,
)
def decide(body: dict[str, Any]) -> dict[str, Any]:
    """Confirm or reject that two incidents belong together: a note in each."""
    one, other = body["incidents"]
    return {"entries": list(linking.decide(caller().home, one, other, body["decision"], body["reason"]))}
