"""A line of apache's access log."""

from __future__ import annotations

from listener.logs.apache import ApacheLog
from tests.listener.logs.test_combined import LINE


def test_a_request() -> None:
    found = ApacheLog().record(LINE)
    assert found is not None
    assert (found.event, found.client) == ("request", "203.0.113.7")
    assert ApacheLog().sound(LINE + b"\nnoise\n") == 1
