"""The competing explanations of an incident: what speaks for and against each, and how likely people hold them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from canaries.accounts.permissions import Permission
from listener.api import incident_states
from listener.api.fields import RequestBody, words
from listener.api.guard import caller
from listener.api.incident_shapes import RatingShape
from listener.api.routing import Resource
from listener.api.shapes import StartedShape
from listener.incidents import explained, operator_acts
from listener.incidents.hypotheses import KEYS

resource = Resource("explanations", "What else could explain an incident. The records weigh; a person rates.")


_EXPLANATION = Schema.from_dict(  # "for" is no name that a class can have
    {
        "hypothesis": fields.String(required=True),
        "explanation": fields.String(required=True),
        "check": fields.String(required=True, metadata={"description": "What would speak for it."}),
        "for": fields.List(fields.String(), required=True),
        "against": fields.List(fields.String(), required=True),
        "rated": fields.Nested(RatingShape, required=True, allow_none=True),
    },
    name="ExplanationShape",
)
"""One way in which the records can have come about."""


class ExplanationsShape(Schema):
    """All of them, whatever the incident looks like."""

    items = fields.List(fields.Nested(_EXPLANATION), required=True)


class RatingBody(RequestBody):
    """How likely one of them is."""

    hypothesis = fields.String(required=True, validate=validate.OneOf(KEYS))
    likelihood = fields.String(required=True, validate=validate.OneOf(list(operator_acts.LIKELIHOODS)))
    because = words(4000, load_default="")


@resource.on(
    "GET",
    "/incidents/<string:id_>/explanations",
    needs=Permission.INCIDENTS_READ,
    gives=ExplanationsShape,
)
def listing(id_: str) -> dict[str, Any]:
    """List every competing explanation with what the records say for and against it, and its last rating."""
    home = caller().home
    return {"items": explained.listing(home, incident_states.find(home, id_))}


@resource.on(
    "POST",
    "/incidents/<string:id_>/ratings",
    needs=Permission.INCIDENTS_CHANGE,
    takes=RatingBody,
    gives=StartedShape,
    status=201,
)
def rate(body: dict[str, Any], id_: str) -> dict[str, str]:
    """Say how likely one of them is. Everybody's stands; the last one of each explanation counts."""
    home = caller().home
    return {"entry": operator_acts.rate(home, incident_states.find(home, id_).id, **body)}
