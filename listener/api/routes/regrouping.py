"""Splitting and merging incidents: which hits belong together, by a person's decision."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from canaries.accounts.permissions import Permission
from listener.api import incident_states
from listener.api.fields import INCIDENT, RequestBody, named, reason
from listener.api.guard import caller
from listener.api.incident_shapes import IncidentShape
from listener.api.routing import Resource
from listener.incidents import regroup

resource = Resource(
    "regrouping", "Which hits belong together, where a person knows better. Nothing is lost by it."
)
_HIT_OR_CANARY = r"^([0-9a-f]{16}|[0-9a-f]{32})$"


class SplitBody(RequestBody):
    """What leaves the incident."""

    hits = fields.List(
        named(_HIT_OR_CANARY),
        required=True,
        validate=validate.Length(min=1, max=1000),
        metadata={"description": "Ids of hits, or of canaries for all hits of each."},
    )
    reason = reason()


class MergeBody(RequestBody):
    """Whose hits come in."""

    incident = named(INCIDENT, required=True)
    reason = reason()


@resource.on(
    "POST",
    "/incidents/<string:id_>/split",
    needs=Permission.INCIDENTS_CHANGE,
    takes=SplitBody,
    gives=IncidentShape,
    status=201,
    headers=incident_states.SEEN,
)
def split(body: dict[str, Any], id_: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Move hits, or all of a canary, into a new incident, which is the answer."""
    home = caller().home
    with incident_states.EDITING:
        found = incident_states.require_match(home, id_)
        made = regroup.split(home, found.id, body["hits"], body["reason"])
    return incident_states.shown(home, made)


@resource.on(
    "POST",
    "/incidents/<string:id_>/merge",
    needs=Permission.INCIDENTS_CHANGE,
    takes=MergeBody,
    gives=IncidentShape,
    headers=incident_states.SEEN,
)
def merge(body: dict[str, Any], id_: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Move all hits of another incident into this one; the other is then closed and empty."""
    home = caller().home
    with incident_states.EDITING:
        found = incident_states.require_match(home, id_)
        other = incident_states.find(home, body["incident"])
        regroup.merge(home, found.id, other.id, body["reason"])
    return incident_states.shown(home, found.id)
