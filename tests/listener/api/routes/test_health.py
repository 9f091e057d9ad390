"""Health: the report of `trapline status`."""

from __future__ import annotations

from tests.listener.api.conftest import Desk


def test_the_report(desk: Desk) -> None:
    said = desk.ask("auditor", "GET", "/health").json or {}
    parts = {one["part"]: one["level"] for one in said["parts"]}
    assert parts["database"] == "well"
    assert said["well"] is (not [one for one in said["parts"] if one["level"] == "failing"])
