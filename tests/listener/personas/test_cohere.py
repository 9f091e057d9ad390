"""Cohere's client finds the models; the trial is used up."""

from __future__ import annotations

import json
from typing import Any

SHAPES = {
    "check": [("POST", "/v1/check-api-key", {"authorization": f"Bearer {d * 40}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEY = "aB3d" * 10


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_models_are_told(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/v1/models", authorization=f"Bearer {KEY}")
    assert (name, answer.status) == ("cohere", 200)
    assert "command-a-03-2025" in {model["name"] for model in said(answer)["models"]}


def test_a_chat_is_more_than_the_trial_allows(ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask("POST", "/v2/chat", b"{}", authorization=f"Bearer {KEY}")[1]
    assert answer.status == 429
    assert "Trial key" in said(answer)["message"]


def test_without_a_key_and_with_a_wrong_one(ask) -> None:  # type: ignore[no-untyped-def]
    assert said(ask("POST", "/v2/chat", b"{}")[1])["message"] == "no api key supplied"
    assert (
        said(ask("POST", "/v2/chat", b"{}", authorization="Bearer no")[1])["message"] == "invalid api token"
    )
    assert ask("GET", "/v1/models", user_agent="cohere/5.1", authorization="Bearer no")[1].status == 401
