"""Anthropic's client finds the models, and an account without credit."""

from __future__ import annotations

import json
from typing import Any

SHAPES = {
    "models": [("GET", "/v1/models", {"x-api-key": f"sk-ant-api03-{d * 93}AA"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEY = "sk-ant-api03-" + "aB3" * 31 + "AA"


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_models_are_told_and_one_by_its_name(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/v1/models", x_api_key=KEY)
    models = said(answer)["data"]
    assert (name, answer.status) == ("anthropic", 200)
    assert said(ask("GET", f"/v1/models/{models[0]['id']}", x_api_key=KEY)[1]) == models[0]
    assert ask("GET", "/v1/models/nothing", x_api_key=KEY)[1].status == 404


def test_a_message_costs_what_is_not_there(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("POST", "/v1/messages", b"{}", authorization=f"Bearer {KEY}")
    assert (name, answer.status) == ("anthropic", 400)
    assert "credit balance" in said(answer)["error"]["message"]
    assert said(answer)["request_id"] == dict(answer.headers)["request-id"]


def test_without_a_key_of_its_form(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("POST", "/v1/messages", b"{}", x_api_key="guess", anthropic_version="2023-06-01")
    assert (name, answer.status, said(answer)["error"]["type"]) == ("anthropic", 401, "authentication_error")


def test_another_vendors_models_are_not_its_own(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("GET", "/v1/models", authorization="Bearer sk-" + "a" * 40)[0] == "openai"
