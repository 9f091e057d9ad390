"""A dossier as a job: built, fetched by its owner, and what was opened is told."""

from __future__ import annotations

import hashlib
import io
import zipfile

from tests import steady
from tests.listener.api.conftest import Desk, Story


def test_one_is_built_and_taken(desk: Desk, story: Story) -> None:
    body = {"incident": story.incident, "reason": "counsel asked"}
    started = desk.ask("analyst", "POST", "/dossiers", json=body)
    assert started.status_code == 202
    path = f"/{started.headers['Location'].rpartition('/api/v1/')[2].lstrip('/')}"
    path = path if path.startswith("/jobs/") else f"/jobs/{(started.json or {})['id']}"

    def job() -> dict[str, object]:
        return dict(desk.ask("analyst", "GET", path).json or {})

    steady.until(lambda: job()["state"] in ("done", "failed"), lambda: str(job()))
    assert job()["state"] == "done", job()
    file = desk.ask("analyst", "GET", f"{path}/file", buffered=True)
    assert hashlib.sha256(file.data).hexdigest() == job()["result"]["sha256"]  # type: ignore[index]
    assert zipfile.ZipFile(io.BytesIO(file.data)).testzip() is None
    assert desk.ask("auditor", "GET", path).status_code == 404
    taken = desk.entries("exported")[-1]
    said = {"what": "download", "incident": story.incident, "sha256": job()["result"]["sha256"]}  # type: ignore[index]
    assert {name: taken.body[name] for name in said} == said
    assert (taken.by, taken.allowed["role"]) == ("analyst", "analyst")
    assert [(entry.by, entry.allowed["role"]) for entry in desk.entries("opened")] == [("analyst", "analyst")]


def test_of_one_thing_that_exists(desk: Desk, story: Story) -> None:
    for body, status in (
        ({}, 422),
        ({"incident": story.incident, "canary": story.own}, 422),
        ({"incident": "00000000"}, 404),
        ({"canary": "0123456789abcdef"}, 404),
        ({"incident": "../../x"}, 422),
    ):
        answer = desk.ask("analyst", "POST", "/dossiers", json={"reason": "x", **body})
        assert answer.status_code == status, answer.text
