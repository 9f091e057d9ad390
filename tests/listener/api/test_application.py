"""The application as a whole: every refusal of one shape, headers on every answer, nothing of the inside told."""

from __future__ import annotations

from typing import Any

import pytest

from listener.api.application import create_api
from tests.listener.api.conftest import Desk

REFUSALS: list[tuple[str, str, dict[str, Any], int]] = [
    ("GET", "/nowhere", {}, 404),
    ("GET", "/canaries/0000000000000000", {}, 404),
    ("PUT", "/me", {}, 405),
    ("POST", "/canaries", {"data": "x", "content_type": "text/plain"}, 415),
    ("POST", "/canaries", {"data": "{", "content_type": "application/json"}, 400),
    ("POST", "/canaries", {"data": b"\xff\xfe{}", "content_type": "application/json"}, 400),
    ("POST", "/canaries", {"data": "[" * 5000, "content_type": "application/json"}, 400),
    ("POST", "/canaries", {"json": {"kind": "url", "memo": "x" * (1 << 20)}}, 413),
    ("POST", "/canaries", {"json": {"kind": "nothing-of-that-name"}}, 422),
    ("POST", "/canaries", {"json": {"kind": "url", "memo": "\ud800"}}, 422),
    ("POST", "/canaries", {"json": ["url"]}, 422),
    ("GET", "/canaries?limit=0", {}, 422),
    ("GET", "/canaries?surprise=1", {}, 422),
    ("GET", "/canaries?cursor=rubbish", {}, 422),
]


def test_every_refusal_is_a_problem(desk: Desk) -> None:
    for method, path, options, status in REFUSALS:
        answer = desk.ask("admin", method, path, **options)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
        said = answer.json
        assert said is not None
        assert (said["status"], said["request"]) == (status, answer.headers["X-Request-Id"])
        assert len(answer.data) < 4000
        if status == 405:
            assert "GET" in answer.headers["Allow"]


def test_what_nobody_foresaw_tells_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from canaries.accounts import tokens

    def broken(*_: object) -> None:
        raise ValueError(f"the secret is {4700 + 11}")

    monkeypatch.setattr(tokens, "listing", broken)
    answer = desk.ask("admin", "GET", "/tokens")
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    logged = capfd.readouterr().err
    assert "ValueError" in logged
    assert "4711" not in logged + answer.text


def test_headers_are_on_every_answer(desk: Desk) -> None:
    for path in ("/me", "/docs", "/nowhere"):
        headers = desk.ask("", "GET", path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_two_of_them_in_one_process(desk: Desk) -> None:
    again = create_api(desk.home)
    assert len(list(again.url_map.iter_rules())) == len(list(desk.app.url_map.iter_rules()))
