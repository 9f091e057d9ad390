"""The GitHub REST and GraphQL API, as github.com or an Enterprise Server has it under ``/api/v3``.

docs.github.com/rest: users, repositories, "Scopes for OAuth apps" (the ``X-OAuth-Scopes`` header that tools look at).
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from canaries.core.clock import from_micros
from canaries.crypto.seeded_random import HEX, SeededRandom
from listener.personas import Answer, Persona, Request
from listener.personas._graphql import filled

_FIRST = "user|users|repos|orgs|rate_limit|search|graphql|meta|gists|notifications"
_PATH = re.compile(rf"(?:/api/v3|/api)?/({_FIRST})(/.*)?\Z|/api/v3/?\Z")
_TOKEN = re.compile(r"(?:.*:)?(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|[0-9a-f]{40})")
_LOGINS = ("deploy-bot", "release-bot", "ci-runner", "build-agent", "infra-sync", "svc-release")
_SCOPES = ("repo, workflow", "repo, read:org", "repo", "admin:repo_hook, repo, read:org")


class GitHub(Persona):
    name: ClassVar[str] = "github"
    order: ClassVar[int] = 50
    kinds = frozenset({"github-token", "gh-hosts"})
    segments = frozenset({"api", *_FIRST.split("|")})
    prefix = re.compile(r"/api/v3(?:/|\Z)")
    token = _TOKEN
    bare = frozenset({"gh-hosts"})

    def claims(self, request: Request) -> bool:
        path = request.service_path
        return _PATH.match(path) is not None and (
            path.startswith("/api/") or bool(_TOKEN.match(request.credential))
        )

    def answer(self, request: Request) -> Answer:
        path, token = _PATH.match(request.service_path), _TOKEN.match(request.credential)
        who = self.identity.stream(f"github:{request.credential.rpartition(':')[2]}")
        headers: tuple[tuple[str, str], ...] = (
            ("Content-Type", "application/json; charset=utf-8"),
            ("X-GitHub-Media-Type", "github.v3; format=json"),
            ("X-GitHub-Request-Id", self.identity.once("github", request.seen).text("id", HEX, 32).upper()),
        )
        if path is None or token is None:
            problem = {
                "message": "Requires authentication",
                "documentation_url": "https://docs.github.com/rest",
                "status": "401",
            }
            return Answer.of_json(401, problem, *headers)
        headers = (*headers, ("X-OAuth-Scopes", who.pick("scopes", _SCOPES)), ("X-Accepted-OAuth-Scopes", ""))
        if path[1] == "graphql":
            return Answer.of_json(200, _graphql(who, request), *headers, name="graphql")
        document = _document(path[1] or "", path[2] or "", who, request)
        if document is None:
            problem = {
                "message": "Not Found",
                "documentation_url": "https://docs.github.com/rest",
                "status": "404",
            }
            return Answer.of_json(404, problem, *headers)
        return Answer.of_json(200, document, *headers, name=path[1] or "root")


def _document(what: str, rest: str, who: SeededRandom, request: Request) -> Any:
    user = _user(who, request)
    if what == "user":
        return user if not rest else [] if rest in ("/repos", "/orgs", "/keys", "/emails", "/teams") else None
    if what == "rate_limit":
        rate = {"limit": 5000, "used": 1, "remaining": 4999, "reset": request.at // 1_000_000 + 3600}
        return {"resources": {"core": rate}, "rate": rate}
    if what == "search":
        return {"total_count": 0, "incomplete_results": False, "items": []}
    if what in ("gists", "notifications"):
        return []
    return {"current_user_url": f"{_base(request)}/user"} if what == "" else None


def _graphql(who: SeededRandom, request: Request) -> dict[str, Any]:
    """What is asked for of the token's owner; a repository or another owner is not there, a change is not allowed."""
    user = _user(who, request)
    owner = {"id": user["node_id"], "login": user["login"], "name": None, "email": "", "__typename": "User"}
    owner |= {
        "databaseId": user["id"],
        "createdAt": user["created_at"],
        "url": f"{request.root}/{user['login']}",
    }
    rate = {"limit": 5000, "cost": 1, "remaining": 4999, "used": 1, "nodeCount": 0}
    asked = filled(request.body, {"viewer": owner, "rateLimit": rate, "repositoryOwner": owner, "search": {}})
    if asked.problem:
        return {"errors": [{"message": asked.problem.replace("Syntax Error", "Parse error on query")}]}
    if asked.mutates:
        problem = {"type": "FORBIDDEN", "message": "Resource not accessible by personal access token"}
        return {"data": dict.fromkeys(asked.data), "errors": [problem]}
    gone = [
        {
            "type": "NOT_FOUND",
            "path": [key],
            "message": f"Could not resolve to a {key[:1].upper()}{key[1:40]}.",
        }
        for key in asked.missing
    ]
    return {"data": asked.data, **({"errors": gone} if gone else {})}


def _base(request: Request) -> str:
    """Where the client believes the API to be: documents name themselves by full URLs, and clients follow them."""
    return request.root + ("/api/v3" if request.service_path.startswith("/api/v3") else "")


def _user(who: SeededRandom, request: Request) -> dict[str, Any]:
    login = f"{who.pick('login', _LOGINS)}-{who.text('number', HEX, 3)}"
    created = from_micros(
        max(0, request.at - who.between("age", 200, 1500) * 86_400_000_000 - who.below("time", 10**10))
    )
    url = f"{_base(request)}/users/{login}"
    return {
        "login": login,
        "id": who.between("id", 20_000_000, 150_000_000),
        "node_id": f"U_kgDO{who.text('node', HEX, 8)}",
        "url": url,
        "repos_url": f"{url}/repos",
        "organizations_url": f"{url}/orgs",
        "type": "User",
        "site_admin": False,
        "name": None,
        "company": None,
        "email": None,
        "public_repos": 0,
        "followers": 0,
        "following": 0,
        "created_at": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
