"""GitLab's clients learn whose token it is, and find no project."""

from __future__ import annotations

import json
from typing import Any

SHAPES = {
    "user": [("GET", "/api/v4/user", {"private-token": f"glpat-{d * 20}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEY = "glpat-" + "aB3d" * 5


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_whose_token_it_is(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/api/v4/user", private_token=KEY)
    assert (name, answer.status) == ("gitlab", 200)
    assert said(answer) == said(ask("GET", "/api/v4/user", authorization=f"Bearer {KEY}")[1])
    assert said(answer) == said(ask("GET", f"/api/v4/user?private_token={KEY}")[1])
    token = said(ask("GET", "/api/v4/personal_access_tokens/self", private_token=KEY)[1])
    assert token["user_id"] == said(answer)["id"]


def test_projects_are_none_or_not_found(ask) -> None:  # type: ignore[no-untyped-def]
    assert said(ask("GET", "/api/v4/projects", private_token=KEY)[1]) == []
    assert said(ask("GET", "/api/v4/projects/7", private_token=KEY)[1]) == {
        "message": "404 Project Not Found"
    }
    assert said(ask("GET", "/api/v4/nothing/7", private_token=KEY)[1]) == {"error": "404 Not Found"}
    assert ask("POST", "/api/v4/projects", b"{}", private_token=KEY)[1].status == 403
    assert said(ask("GET", "/api/v4/version", private_token=KEY)[1])["version"].count(".") == 2


def test_graphql_tells_who(ask) -> None:  # type: ignore[no-untyped-def]
    body = json.dumps({"query": "{ currentUser { name: username } }"}).encode()
    name, answer = ask("POST", "/api/graphql", body, authorization=f"Bearer {KEY}")
    user = said(ask("GET", "/api/v4/user", private_token=KEY)[1])["username"]
    assert (name, said(answer)) == ("gitlab", {"data": {"currentUser": {"name": user}}})


def test_without_a_token(ask) -> None:  # type: ignore[no-untyped-def]
    assert said(ask("GET", "/api/v4/user")[1]) == {"message": "401 Unauthorized"}
