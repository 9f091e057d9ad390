"""A line of nginx's access log."""

from __future__ import annotations

from listener.logs.nginx import NginxLog
from tests.listener.logs.test_combined import LINE


def test_a_request() -> None:
    found = NginxLog().record(LINE)
    assert found is not None
    assert (found.event, found.client) == ("request", "203.0.113.7")
    assert NginxLog().sound(LINE + b"\nnoise\n") == 1
