"""Notion's client learns which integration it is, and that no page was shared with it."""

from __future__ import annotations

import json
from typing import Any

SHAPES = {
    "me": [("GET", "/v1/users/me", {"authorization": f"Bearer ntn_{d * 46}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEY = "ntn_" + "12345678901" + "aB3d5" * 7


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_which_integration_it_is(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/v1/users/me", authorization=f"Bearer {KEY}")
    assert (name, answer.status, said(answer)["type"]) == ("notion", 200, "bot")
    listed = said(ask("GET", "/v1/users", authorization=f"Bearer {KEY}")[1])
    assert listed["results"][0]["id"] == said(answer)["id"]


def test_pages_are_not_found(ask) -> None:  # type: ignore[no-untyped-def]
    assert said(ask("POST", "/v1/search", b"{}", authorization=f"Bearer {KEY}")[1])["results"] == []
    answer = ask("GET", "/v1/pages/abc", authorization=f"Bearer {KEY}")[1]
    assert (answer.status, said(answer)["code"]) == (404, "object_not_found")
    assert ask("POST", "/v1/pages", b"{}", authorization=f"Bearer {KEY}")[1].status == 403


def test_without_a_token(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/v1/users/me", notion_version="2022-06-28")
    assert (name, answer.status) == ("notion", 401)
