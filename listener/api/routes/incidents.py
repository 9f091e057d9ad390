"""Incidents: read, and written into under one's name: notes, assessments, acknowledging, assigning, closing."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from canaries.accounts.permissions import Permission
from listener.api import incident_states, paging
from listener.api.fields import ID, LONG_ID, PageQuery, RequestBody, named, page_of, reason, words
from listener.api.guard import caller
from listener.api.incident_shapes import IncidentShape
from listener.api.placed import among, place_words
from listener.api.routing import Resource
from listener.api.shapes import StartedShape
from listener.incidents import listing as listing_of
from listener.incidents import operator_acts, queries
from listener.notify import quiet_incidents

resource = Resource("incidents", "Hits that belong together, and what people make of them.")


class IncidentQuery(PageQuery):
    """Which incidents."""

    state = fields.String(load_default=None, validate=validate.OneOf(["open", "closed"]))
    canary = named(ID, load_default=None)
    place = place_words()


class NoteBody(RequestBody):
    """A note."""

    text = words(4000, least=1, required=True)


class AssessmentBody(RequestBody):
    """A judgement."""

    statement = words(4000, least=1, required=True)
    likelihood = fields.String(required=True, validate=validate.OneOf(list(operator_acts.LIKELIHOODS)))
    confidence = fields.String(required=True, validate=validate.OneOf(operator_acts.CONFIDENCES))
    because = words(4000, load_default="")
    alternatives = fields.List(words(2000, least=1), load_default=list, validate=validate.Length(max=20))
    assumptions = fields.List(words(2000, least=1), load_default=list, validate=validate.Length(max=20))
    evidence = fields.List(named(LONG_ID), load_default=list, validate=validate.Length(max=100))
    would_change = words(4000, load_default="")


class AcknowledgeBody(RequestBody):
    """That somebody knows."""

    until = words(40, load_default="", metadata={"description": "30m, 12h, 2d; empty: for good."})
    reason = words(4000, load_default="")


class StateBody(RequestBody):
    """Closed or open, or who looks after it."""

    state = fields.String(validate=validate.OneOf(["open", "closed"]))
    outcome = fields.String(load_default="", validate=validate.OneOf(["", *operator_acts.OUTCOMES]))
    assignee = words(
        operator_acts.LONGEST_NAME, metadata={"description": "In place of a state; empty: nobody any more."}
    )
    reason = reason()

    @validates_schema
    def _one_thing(self, data: dict[str, Any], **_: Any) -> None:
        if ("state" in data) == ("assignee" in data):
            raise ValidationError("give either a state or an assignee")


@resource.on(
    "GET",
    "/incidents",
    needs=Permission.INCIDENTS_READ,
    asks=IncidentQuery,
    gives=page_of(IncidentShape, "IncidentPage"),
)
def listing(query: dict[str, Any]) -> dict[str, Any]:
    """List incidents, the one with the latest hit first."""
    home, after, limit = caller().home, paging.opened(query["cursor"], 2), query["limit"]
    places = listing_of.ids(
        home,
        state=query["state"] or "",
        canaries=among(home, query["canary"], query["place"]),
        after=(after[0], after[1]) if after else None,
        size=limit + 1,
    )
    shown = places[:limit]
    known = {one.id: one for one in queries.incidents(home, [id_ for _, id_ in shown])}
    more = paging.cursor(*shown[-1]) if len(places) > limit else None
    return {"items": [known[id_].as_dict() for _, id_ in shown if id_ in known], "next": more}


@resource.on("GET", "/incidents/<string:id_>", needs=Permission.INCIDENTS_READ, gives=IncidentShape)
def one(id_: str) -> tuple[dict[str, Any], dict[str, str]]:
    """One incident. Its ETag is for closing, reopening, assigning, splitting and merging it."""
    return incident_states.shown(caller().home, id_)


@resource.on(
    "POST",
    "/incidents/<string:id_>/notes",
    needs=Permission.INCIDENTS_CHANGE,
    takes=NoteBody,
    gives=StartedShape,
    status=201,
)
def note(body: dict[str, Any], id_: str) -> dict[str, str]:
    """Write a note."""
    return {
        "entry": operator_acts.note(caller().home, incident_states.find(caller().home, id_).id, body["text"])
    }


@resource.on(
    "POST",
    "/incidents/<string:id_>/assessments",
    needs=Permission.INCIDENTS_CHANGE,
    takes=AssessmentBody,
    gives=StartedShape,
    status=201,
)
def assess(body: dict[str, Any], id_: str) -> dict[str, str]:
    """Write a judgement."""
    return {"entry": operator_acts.assess(caller().home, incident_states.find(caller().home, id_).id, **body)}


@resource.on(
    "POST",
    "/incidents/<string:id_>/acknowledge",
    needs=Permission.INCIDENTS_CHANGE,
    takes=AcknowledgeBody,
    gives=StartedShape,
    status=201,
)
def acknowledge(body: dict[str, Any], id_: str) -> dict[str, str]:
    """Say that you know: only something weightier is told from now on."""
    return {
        "entry": quiet_incidents.keep_quiet(
            caller().home, incident_states.find(caller().home, id_).id, body["until"], body["reason"]
        )
    }


@resource.on(
    "PATCH",
    "/incidents/<string:id_>",
    needs=Permission.INCIDENTS_CHANGE,
    takes=StateBody,
    gives=IncidentShape,
    headers=incident_states.SEEN,
)
def change(body: dict[str, Any], id_: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Close it, with what it turned out to be, open it again, or say who looks after it."""
    home = caller().home
    with incident_states.EDITING:
        found = incident_states.require_match(home, id_)
        if "assignee" in body:
            operator_acts.assign(home, found.id, body["assignee"], body["reason"])
        elif body["state"] == "closed":
            operator_acts.close(home, found.id, body["reason"], body["outcome"])
        else:
            operator_acts.reopen(home, found.id, body["reason"])
    return incident_states.shown(home, found.id)
