"""New Relic tells whose key it is, in the fields asked for."""

from __future__ import annotations

import json
from typing import Any

SHAPES = {
    "applications": [("GET", "/v2/applications.json", {"api-key": f"NRAK-{d.upper() * 27}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""
SAME_EVERYWHERE = True
"""The service itself answers everybody alike."""

KEY = "NRAK-" + "AB3" * 9


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_the_user_in_the_fields_asked_for(ask) -> None:  # type: ignore[no-untyped-def]
    body = json.dumps({"query": "{ actor { user { name id } accounts { id } } }"}).encode()
    name, answer = ask("POST", "/graphql", body, api_key=KEY)
    assert (name, answer.status) == ("newrelic", 200)
    assert set(said(answer)["data"]["actor"]["user"]) == {"name", "id"}
    assert said(answer)["data"]["actor"]["accounts"] == []


def test_a_change_no_query_and_the_older_api(ask) -> None:  # type: ignore[no-untyped-def]
    body = json.dumps({"query": "mutation { x { y } }"}).encode()
    assert said(ask("POST", "/graphql", body, api_key=KEY)[1])["data"] is None
    assert "Syntax Error" in said(ask("GET", "/graphql", api_key=KEY)[1])["errors"][0]["message"]
    assert said(ask("GET", "/v2/applications.json", api_key=KEY)[1]) == {"applications": []}
    assert ask("DELETE", "/v2/applications/1.json", api_key=KEY)[1].status == 403


def test_with_a_wrong_key(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("POST", "/graphql", b"{}", api_key="guess")[1].status == 401
