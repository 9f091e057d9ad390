"""Incidents: read, and written into under one's name: notes, assessments, acknowledging, closing."""

from __future__ import annotations

import threading
from typing import Any

from marshmallow import Schema, fields, validate

from canaries.accounts.permissions import Permission
from canaries.core.errors import NotFoundError
from listener.api import etags, paging
from listener.api.fields import ID, LONG_ID, PageQuery, RequestBody, named, page_of, reason, words
from listener.api.guard import caller
from listener.api.placed import among, place_words
from listener.api.routing import Resource
from listener.api.shapes import StartedShape
from listener.incidents import listing as listing_of
from listener.incidents import operator_acts, queries
from listener.incidents.model import Incident
from listener.notify import quiet_incidents

resource = Resource("incidents", "Hits that belong together, and what people make of them.")
_editing = threading.Lock()


class NoteShape(Schema):
    """What somebody wrote."""

    id = fields.String(required=True)
    at = fields.String(required=True)
    by = fields.String(required=True)
    text = fields.String(required=True)
    state = fields.String(required=True)
    outcome = fields.String(required=True)


class AssessmentShape(Schema):
    """A named person's judgement (ICD 203)."""

    id = fields.String(required=True)
    at = fields.String(required=True)
    by = fields.String(required=True)
    statement = fields.String(required=True)
    likelihood = fields.String(required=True)
    band = fields.String(required=True)
    confidence = fields.String(required=True)
    because = fields.String(required=True)
    alternatives = fields.List(fields.String(), required=True)
    assumptions = fields.List(fields.String(), required=True)
    evidence = fields.List(fields.String(), required=True)
    would_change = fields.String(required=True)


class IncidentShape(Schema):
    """One incident."""

    id = fields.String(required=True)
    opened_at = fields.String(required=True)
    last_at = fields.String(required=True)
    hits = fields.Integer(required=True)
    state = fields.String(required=True, metadata={"enum": ["open", "closed"]})
    canaries = fields.List(fields.String(), required=True)
    notes = fields.List(fields.Nested(NoteShape), required=True)
    assessments = fields.List(fields.Nested(AssessmentShape), required=True)


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
    """Closed or open."""

    state = fields.String(required=True, validate=validate.OneOf(["open", "closed"]))
    outcome = fields.String(load_default="", validate=validate.OneOf(["", *operator_acts.OUTCOMES]))
    reason = reason()


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
    """One incident. Its ETag is for closing and reopening it."""
    found = _find(id_)
    return found.as_dict(), etags.headers(_tag(found))


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
    return {"entry": operator_acts.note(caller().home, _find(id_).id, body["text"])}


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
    return {"entry": operator_acts.assess(caller().home, _find(id_).id, **body)}


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
    return {"entry": quiet_incidents.keep_quiet(caller().home, _find(id_).id, body["until"], body["reason"])}


@resource.on(
    "PATCH",
    "/incidents/<string:id_>",
    needs=Permission.INCIDENTS_CHANGE,
    takes=StateBody,
    gives=IncidentShape,
    headers={"If-Match": "Required: the ETag of the state that you saw."},
)
def change(body: dict[str, Any], id_: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Close it, with what it turned out to be, or open it again."""
    home = caller().home
    with _editing:
        found = _find(id_)
        etags.require_match(_tag(found))
        if body["state"] == "closed":
            operator_acts.close(home, found.id, body["reason"], body["outcome"])
        else:
            operator_acts.reopen(home, found.id, body["reason"])
    return one(found.id)


def _find(id_: str) -> Incident:
    """By its whole id: a beginning of one is for people."""
    found = queries.incident(caller().home, id_)
    if found.id != id_:
        raise NotFoundError(f"there is no incident {id_}")
    return found


def _tag(found: Incident) -> str:
    written = [note.id for note in found.notes if note.state]
    return etags.tag_of({"id": found.id, "state": found.state, "written": written})
