"""A Datadog key is valid, takes series, and reads nothing."""

from __future__ import annotations

import json
from typing import Any

SHAPES = {
    "validate": [("GET", "/api/v1/validate", {"dd-api-key": d * 32}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""
SAME_EVERYWHERE = True
"""The service itself answers everybody alike."""

KEY = "0123456789abcdef" * 2


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_the_key_is_valid(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/api/v1/validate", dd_api_key=KEY)
    assert (name, answer.status, said(answer)) == ("datadog", 200, {"valid": True})
    assert said(ask("GET", f"/api/v1/validate?api_key={KEY}")[1]) == {"valid": True}


def test_series_are_taken_and_dashboards_are_not_shown(ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask("POST", "/api/v1/series", b"{}", dd_api_key=KEY)[1]
    assert (answer.status, said(answer)) == (202, {"status": "ok"})
    assert said(ask("POST", "/api/v2/series", b"{}", dd_api_key=KEY)[1]) == {"errors": []}
    assert ask("GET", "/api/v1/dashboard", dd_api_key=KEY)[1].status == 403


def test_without_a_key(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("GET", "/api/v1/validate")[1].status == 403
