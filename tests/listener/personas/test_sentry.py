"""Sentry's clients have their event taken, by the id they gave it."""

from __future__ import annotations

import json
from typing import Any

SHAPES: dict[str, list[tuple[str, str, dict[str, str]]]] = {
    "envelope": [("POST", f"/api/12345/envelope/?sentry_key={d * 32}", {}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEY = "0123456789abcdef" * 2


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_an_event_is_taken_by_its_id(ask) -> None:  # type: ignore[no-untyped-def]
    body = b'{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc"}\n{}\n{}'
    name, answer = ask("POST", "/api/42/envelope/", body, x_sentry_auth=f"Sentry sentry_key={KEY}")
    assert (name, answer.status) == ("sentry", 200)
    assert said(answer) == {"id": "9ec79c33ec9942ab8353589fcb2e04dc"}
    drawn = said(ask("POST", f"/api/42/store/?sentry_key={KEY}", b"{}")[1])["id"]
    assert len(drawn) == 32


def test_without_a_key(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("POST", "/api/42/envelope/", b"{}")[1].status == 401
