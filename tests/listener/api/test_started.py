"""What a request gets that started a job."""

from __future__ import annotations

from pathlib import Path

from canaries.accounts.permissions import Permission
from listener.api.jobs import Job
from listener.api.started import JobShape, accepted


def test_it_names_where_to_look() -> None:
    job = Job(
        "0123456789abcdef", "scan", "a1", Permission.SCAN, "2026-06-01T00:00:00.000000Z", Path("/nowhere")
    )
    value, headers = accepted(job)
    assert headers == {"Location": "jobs/0123456789abcdef"}
    assert JobShape().dump(value) == value
    assert "/nowhere" not in str(value)
