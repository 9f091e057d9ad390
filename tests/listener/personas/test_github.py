"""PyGithub learns whose token it is; a tool that looks at the scopes header finds some."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

SHAPES = {
    "user": [("GET", "/api/v3/user", {"authorization": f"token ghp_{d * 36}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

TOKEN = "ghp_" + "aB3" * 12


@pytest.fixture(params=["", "/q7f3k29xk2m5v8w1z4y6c"])
def client(stand_in: str, request: pytest.FixtureRequest) -> Iterator[Any]:
    github = pytest.importorskip("github")
    with github.Github(
        auth=github.Auth.Token(TOKEN), base_url=f"{stand_in}{request.param}/api/v3", retry=None
    ) as made:
        yield made


def test_whose_token_it_is(client: Any) -> None:
    user = client.get_user()
    assert user.login
    assert user.id > 0
    assert list(user.get_repos()) == []
    assert user.created_at.year in range(2021, 2027)
    assert "repo" in client.oauth_scopes


def test_another_repository_is_not_found(client: Any) -> None:
    from github import UnknownObjectException

    with pytest.raises(UnknownObjectException):
        client.get_repo("acme/secrets")


def test_rate_limit_and_the_public_api(ask) -> None:  # type: ignore[no-untyped-def]
    for path in ("/rate_limit", "/user", "/search/code?q=x"):
        name, answer = ask("GET", path, authorization=f"Bearer {TOKEN}")
        assert (name, answer.status) == ("github", 200)
        assert dict(answer.headers)["X-OAuth-Scopes"]


def test_without_a_token(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("GET", "/api/v3/user")[1].status == 401
    assert ask("GET", "/user")[0] == "page"


def graphql(ask, query: str) -> Any:  # type: ignore[no-untyped-def]
    body = json.dumps({"query": query}).encode()
    name, answer = ask("POST", "/api/graphql", body, authorization=f"Bearer {TOKEN}")
    assert (name, answer.status) == ("github", 200)
    return json.loads(answer.body)


def test_graphql_by_the_fields_asked_for(ask) -> None:  # type: ignore[no-untyped-def]
    """As ``gh repo list`` asks: a list that is empty, and no field that was not asked for."""
    login = json.loads(ask("GET", "/user", authorization=f"Bearer {TOKEN}")[1].body)["login"]
    wanted = "nodes{name},totalCount,pageInfo{hasNextPage}"
    query = f"query R($n:Int!){{repositoryOwner:viewer{{login,repositories(first:$n){{{wanted}}}}}}}"
    empty = {"nodes": [], "totalCount": 0, "pageInfo": {"hasNextPage": False}}
    assert graphql(ask, query) == {"data": {"repositoryOwner": {"login": login, "repositories": empty}}}


def test_graphql_of_what_is_not_there_and_what_is_not_allowed(ask) -> None:  # type: ignore[no-untyped-def]
    gone = graphql(ask, '{ repository(owner: "acme", name: "core") { id } }')
    assert gone["data"] == {"repository": None}
    assert gone["errors"][0]["type"] == "NOT_FOUND"
    assert (
        graphql(ask, "mutation { createIssue(input: {}) { issue { id } } }")["errors"][0]["type"]
        == "FORBIDDEN"
    )
    assert "Parse error" in graphql(ask, "nonsense")["errors"][0]["message"]
