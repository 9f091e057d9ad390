"""The shape has the fields that readings fill."""

from __future__ import annotations

from listener.sensors.reported import ReportObserved


def test_fields() -> None:
    assert {"sensor", "reported", "found", "dropped", "log", "request"} <= set(
        ReportObserved.__optional_keys__
    )
