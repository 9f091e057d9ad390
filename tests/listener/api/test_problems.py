"""Problem details: which error is which status, and that every text in them is visible."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, Unauthorized

from canaries.core.errors import AccessError, NotFoundError, StoreAwayError, TraplineError
from listener.api import problems
from listener.api.problems import ApiError


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (AccessError("no"), 403),
        (AccessError("no", known=False), 401),
        (AccessError("no", known=False, wait=7), 429),
        (NotFoundError("no"), 404),
        (StoreAwayError("database error: password=hunter2"), 503),
        (TraplineError("no\x1b[2J", hint="\u202eh"), 422),
    ],
)
def test_statuses(error: TraplineError, status: int) -> None:
    with Flask("x").test_request_context():
        answer = problems.of_trapline(error)
    assert (answer.status_code, answer.mimetype) == (status, problems.CONTENT)
    assert "hunter2" not in answer.get_data(as_text=True)
    assert "\\u001b" not in answer.get_data(as_text=True)
    assert ("Retry-After" in answer.headers) == (status in (429, 503))


def test_what_werkzeug_raises_keeps_its_headers() -> None:
    with Flask("x").test_request_context():
        assert "GET" in problems.of_http(MethodNotAllowed(["GET"])).headers["Allow"]
        assert problems.of_http(Unauthorized()).status_code == 401
        assert problems.of_problem(ApiError(418, "x", "y", Retry_After="3")).headers["Retry-After"] == "3"


def test_a_huge_refusal_is_cut() -> None:
    with Flask("x").test_request_context():
        answer = problems.answer(422, "x", "y" * 100_000)
    assert len(answer.get_data()) < 1000
