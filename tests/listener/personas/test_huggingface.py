"""The hub's library learns whose token it is, and finds no repository."""

from __future__ import annotations

import json
from typing import Any

SHAPES = {
    "whoami": [("GET", "/api/whoami-v2", {"authorization": f"Bearer hf_{d * 34}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEY = "hf_" + "aB" * 17


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_whose_token_it_is(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/api/whoami-v2", authorization=f"Bearer {KEY}")
    assert (name, answer.status) == ("huggingface", 200)
    assert said(answer)["auth"]["accessToken"]["role"] == "read"


def test_repositories_are_not_found(ask) -> None:  # type: ignore[no-untyped-def]
    assert said(ask("GET", "/api/models", authorization=f"Bearer {KEY}")[1]) == []
    answer = ask("GET", "/acme/model/resolve/main/config.json", authorization=f"Bearer {KEY}")[1]
    assert (answer.status, dict(answer.headers)["X-Error-Code"]) == (404, "RepoNotFound")
    assert ask("POST", "/api/repos/create", b"{}", authorization=f"Bearer {KEY}")[1].status == 403


def test_without_a_token(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("GET", "/api/whoami-v2")[1].status == 401
