"""Shapes of an incident and of what people wrote about it, which more than one resource speaks of."""

from __future__ import annotations

from marshmallow import Schema, fields


class NoteShape(Schema):
    """What somebody wrote."""

    id = fields.String(required=True)
    at = fields.String(required=True)
    by = fields.String(required=True)
    text = fields.String(required=True)
    state = fields.String(required=True)
    outcome = fields.String(required=True)
    assigned = fields.String(
        required=True, metadata={"description": "To whom, where this said so; `-`: nobody."}
    )


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


class RatingShape(Schema):
    """How likely a named person holds one of the competing explanations."""

    id = fields.String(required=True)
    at = fields.String(required=True)
    by = fields.String(required=True)
    hypothesis = fields.String(required=True)
    likelihood = fields.String(required=True)
    band = fields.String(required=True)
    because = fields.String(required=True)


class IncidentShape(Schema):
    """One incident."""

    id = fields.String(required=True)
    opened_at = fields.String(required=True)
    last_at = fields.String(required=True)
    hits = fields.Integer(required=True)
    state = fields.String(required=True, metadata={"enum": ["open", "closed"]})
    assignee = fields.String(required=True, metadata={"description": "Who looks after it; empty: nobody."})
    canaries = fields.List(fields.String(), required=True)
    notes = fields.List(fields.Nested(NoteShape), required=True)
    assessments = fields.List(fields.Nested(AssessmentShape), required=True)
    ratings = fields.List(fields.Nested(RatingShape), required=True)
