"""Each request about hits and incidents is a route of the API, with what that route takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from canaries.client.incident_calls import IncidentCalls
from tests.api_routes import asked_of

INCIDENT: dict[str, Any] = {
    "id": "ab" * 5,
    "opened_at": "",
    "last_at": "",
    "hits": 1,
    "state": "open",
    "canaries": ["cd" * 8],
    "assignee": "",
    "entry": "ef" * 16,
    "items": [],
    "next": None,
}


def ask(calls: IncidentCalls) -> None:
    found = calls.incident_called("ab" * 5)
    list(calls.hits(incident=found.id))
    list(calls.incidents(state="open"))
    calls.note(found.id, "seen")
    calls.assess(found.id, "so it is", "likely", "low", because="x")
    calls.acknowledge(found.id, "12h")
    calls.explanations(found.id)
    calls.rate(found.id, "own", "likely")
    calls.assign(found, "bo", "shift")
    calls.close_incident(found, "over", "test")
    calls.reopen(found, "not over")
    calls.split(found, calls.members_called(found, ["cdcd"]), "two things")
    calls.merge(found, "cd" * 5, "one thing")


def test_every_request_is_a_route_with_what_it_takes(tmp_path: Path) -> None:
    assert asked_of(IncidentCalls, INCIDENT, ask, tmp_path) == {
        *("hits.listing", "incidents.listing", "incidents.one", "incidents.note", "incidents.assess"),
        *("incidents.acknowledge", "incidents.change", "explanations.listing", "explanations.rate"),
        *("regrouping.split", "regrouping.merge"),
    }
