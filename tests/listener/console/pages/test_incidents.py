"""Incidents: what people write is theirs, and an entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from canaries.core.model import Canary
from listener.incidents import queries

Visit = Callable[..., str]


def test_notes_assessments_and_closing_are_entries(console: Any, canary: Canary, visit: Visit) -> None:
    incident = queries.one(console.home, visit(canary)).incident
    path = f"/incidents/{incident}"
    assert console.post(f"{path}/notes", {"text": "called\r\nthe host"}).status_code == 303
    judged = {"statement": "own test", "likelihood": "likely", "confidence": "low", "because": "one hit"}
    judged["alternatives"] = "preview\r\n\r\nscanner"
    assert console.post(f"{path}/assessments", judged).status_code == 303
    assert console.post(f"{path}/state", {"state": "closed", "reason": "done"}).status_code == 303
    found = queries.incident(console.home, incident)
    assert [(note.text, note.state) for note in found.notes] == [("called\nthe host", ""), ("done", "closed")]
    assert [(one.statement, one.alternatives) for one in found.assessments] == [
        ("own test", ("preview", "scanner"))
    ]
    assert found.state == "closed"
    page = console.get(path).get_data(as_text=True)
    assert "called\nthe host" in page
    assert "It is likely (55-80 %) that this is so." in page


@pytest.mark.parametrize("missing", ["statement", "likelihood", "confidence", "because"])
def test_an_assessment_says_everything_or_nothing(
    console: Any, canary: Canary, visit: Visit, missing: str
) -> None:
    incident = queries.one(console.home, visit(canary)).incident
    judged = {"statement": "a", "likelihood": "likely", "confidence": "low", "because": "b"} | {missing: ""}
    assert console.post(f"/incidents/{incident}/assessments", judged).status_code == 422
    assert queries.incident(console.home, incident).assessments == ()
