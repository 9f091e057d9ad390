"""The shapes of an incident name every field that it has but weak links, which come with one incident only."""

from __future__ import annotations

from dataclasses import fields

import pytest
from marshmallow import Schema

from listener.api import incident_shapes
from listener.incidents import model


@pytest.mark.parametrize(
    ("shape", "noun", "hidden"),
    [
        (incident_shapes.NoteShape, model.OperatorNote, set()),
        (incident_shapes.AssessmentShape, model.Assessment, set()),
        (incident_shapes.RatingShape, model.Rating, set()),
        (incident_shapes.IncidentShape, model.Incident, {"see_also"}),
    ],
)
def test_nothing_of_it_is_left_out(shape: type[Schema], noun: type, hidden: set[str]) -> None:
    named = set(shape().fields) - {"assignee"}
    assert named == {item.name for item in fields(noun)} - hidden
