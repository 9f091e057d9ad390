"""What operators do about an incident: each is theirs, and an entry."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from canaries.core.model import Canary
from listener.incidents import listing, queries

Visit = Callable[..., str]


@pytest.fixture
def incident(console: Any, canary: Canary, visit: Visit) -> str:
    return queries.one(console.home, visit(canary)).incident


def text(console: Any, incident: str) -> str:
    return str(console.get(f"/incidents/{incident}").get_data(as_text=True))


def test_notes_assessments_and_closing_are_entries(console: Any, incident: str) -> None:
    path = f"/incidents/{incident}"
    assert console.post(f"{path}/notes", {"text": "called\r\nthe host"}).status_code == 303
    judged = {"statement": "own test", "likelihood": "likely", "confidence": "low", "because": "one hit"}
    judged["alternatives"] = "preview\r\n\r\nscanner"
    assert console.post(f"{path}/assessments", judged).status_code == 303
    shut = {"state": "closed", "reason": "done", "outcome": "own-scanner"}
    assert console.post(f"{path}/state", shut).status_code == 303
    found = queries.incident(console.home, incident)
    assert [(note.text, note.state, note.outcome) for note in found.notes] == [
        ("called\nthe host", "", ""),
        ("done", "closed", "own-scanner"),
    ]
    assert [(one.statement, one.alternatives) for one in found.assessments] == [
        ("own test", ("preview", "scanner"))
    ]
    assert found.state == "closed"
    page = text(console, incident)
    assert "called\nthe host" in page
    assert "It is likely (55-80 %) that this is so." in page
    assert ">own scanner<" in page
    assert console.post(f"{path}/state", {"state": "open", "reason": "again"}).status_code == 303
    assert queries.incident(console.home, incident).state == "open"


@pytest.mark.parametrize("missing", ["statement", "likelihood", "confidence", "because"])
def test_an_assessment_says_everything_or_nothing(console: Any, incident: str, missing: str) -> None:
    judged = {"statement": "a", "likelihood": "likely", "confidence": "low", "because": "b"} | {missing: ""}
    assert console.post(f"/incidents/{incident}/assessments", judged).status_code == 422
    assert queries.incident(console.home, incident).assessments == ()


def test_an_outcome_that_there_is_not_closes_nothing(console: Any, incident: str) -> None:
    shut = {"state": "closed", "reason": "done", "outcome": "whatever"}
    assert console.post(f"/incidents/{incident}/state", shut).status_code == 422
    assert queries.incident(console.home, incident).state == "open"


def test_it_is_acknowledged_and_then_quiet(console: Any, incident: str) -> None:
    assert "Nobody has acknowledged it" in text(console, incident)
    assert console.post(f"/incidents/{incident}/acknowledge", {"snooze": "soon"}).status_code == 422
    assert console.post(f"/incidents/{incident}/acknowledge", {"snooze": "2h"}).status_code == 303
    assert ">snoozed<" in text(console, incident)
    assert console.post(f"/incidents/{incident}/acknowledge").status_code == 303
    assert listing.quiet_until(console.home, incident) == "9999"
    assert ">acknowledged<" in text(console, incident)
    assert ">acknowledged<" in console.get("/incidents").get_data(as_text=True)


def test_somebody_looks_after_it(console: Any, incident: str) -> None:
    path = f"/incidents/{incident}/assignment"
    assert console.post(path, {"name": "Grace", "reason": "on call"}).status_code == 303
    assert queries.incident(console.home, incident).assignee == "Grace"
    assert "Grace looks after it" in text(console, incident)
    assert console.post(path, {"name": ""}).status_code == 303
    assert queries.incident(console.home, incident).assignee == ""
    assert console.post(path, {"name": "a\u202eb"}).status_code == 422
    assert console.post(path, {"name": "a" * 65}).status_code == 422


def test_an_explanation_is_rated(console: Any, incident: str) -> None:
    rating = {"hypothesis": "own", "likelihood": "likely", "because": "our address"}
    assert console.post(f"/incidents/{incident}/ratings", rating | {"because": ""}).status_code == 422
    assert console.post(f"/incidents/{incident}/ratings", rating | {"hypothesis": "x"}).status_code == 422
    assert console.post(f"/incidents/{incident}/ratings", rating).status_code == 303
    assert [one.hypothesis for one in queries.incident(console.home, incident).ratings] == ["own"]
    assert "our address" in text(console, incident)


def test_a_rule_is_made_from_here(console: Any, incident: str, canary: Canary) -> None:
    rule = {"mark": "own", "network": "198.51.100.0/24", "client": "curl", "lasting": "30d", "reason": "ours"}
    path = f"/incidents/{incident}/rules"
    assert console.post(path, rule | {"reason": ""}).status_code == 422
    assert console.post(path, rule | {"network": "nowhere"}).status_code == 422
    assert console.post(path, rule | {"network": ""}).status_code == 422, "a client's name is no proof"
    assert console.post(path, rule | {"canary": "f" * 16}).status_code == 422
    assert console.entries("setting") == []
    assert console.post(path, rule | {"canary": canary.id}).status_code == 303
    [entry] = console.entries("setting")
    assert entry.body["added"]["networks"] == ["198.51.100.0/24"]
    assert entry.body["added"]["canary"] == canary.id


def test_the_letter_drafts_come_as_one_zip(console: Any, incident: str) -> None:
    answer = console.post(f"/incidents/{incident}/drafts")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) >= 5
        assert all(name.endswith(".txt") and "/" not in name for name in archive.namelist())
    assert console.entries("exported")[-1].body["what"] == "drafts"
    assert not list(console.home.path.glob("drafts-*")), "nothing stays on disk"
