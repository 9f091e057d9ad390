"""A GitLab server: whose token it is, in no project; everything else is not found.

docs.gitlab.com/api: users, version, personal access tokens, "Status codes".
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from canaries.crypto.seeded_random import HEX
from listener.personas import Answer, Request
from listener.personas._graphql import filled
from listener.personas._key_api import Call, Headers, KeyApi

_LOGINS = ("deploy", "ci-bot", "release", "infra", "mirror", "renovate")
_VERSIONS = (
    ("17.8.7", "2cb8c1d7d24"),
    ("17.11.4", "5e8a3ad2a11"),
    ("18.1.6", "9c4d1e0bf34"),
    ("18.3.2", "f1d3a6e3b0c"),
)
_LISTS = re.compile(
    r"(?:projects|groups|namespaces|runners|merge_requests|issues|todos|events|snippets|deploy_keys|user/\w+"
    r"|personal_access_tokens|users/\d+/projects)\Z"
)


class GitLab(KeyApi):
    name: ClassVar[str] = "gitlab"
    order: ClassVar[int] = 37
    kinds = frozenset({"gitlab-token"})
    base = "/api/"
    key = re.compile(r"gl[a-z]{2,10}-[\w.-]{20,}")
    paths = re.compile(r"v4(?:/(?!.*/terraform/state/)|\Z)|graphql\Z")
    own = re.compile(r"v4(?:/(?!.*/terraform/state/)|\Z)")
    """All but Terraform's states, which have a persona of their own."""

    def shown(self, request: Request) -> str:
        asked = re.search(r"(?:\A|&)private_token=([\w.-]+)", request.query)
        return (
            request.header(b"private-token")
            or request.header(b"job-token")
            or request.credential
            or (asked[1] if asked else "")
        )

    def headers(self, call: Call) -> Headers:
        return (
            ("Cache-Control", "max-age=0, private, must-revalidate"),
            ("Vary", "Origin"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "SAMEORIGIN"),
            ("X-Request-Id", call.once.text("id", "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 26)),
        )

    def stranger(self, call: Call) -> Answer:
        return self.said(call, 401, {"message": "401 Unauthorized"}, "asks")

    def reply(self, call: Call) -> Answer:
        path = call.path.removeprefix("v4/")
        user = self._user(call)
        if call.path == "graphql":
            known = {
                "currentUser": {
                    "username": user["username"],
                    "name": user["name"],
                    "id": f"gid://gitlab/User/{user['id']}",
                }
            }
            return self.said(call, 200, {"data": filled(call.request.body, known).data}, "graphql")
        if call.request.method != "GET":
            return self.said(call, 403, {"message": "403 Forbidden"}, "denied")
        if path == "user":
            return self.said(call, 200, user, "user")
        if path in ("version", "metadata"):
            number, revision = self.identity.stream("gitlab").pick("version", _VERSIONS)
            return self.said(call, 200, {"version": number, "revision": revision}, "version")
        if path == "personal_access_tokens/self":
            return self.said(call, 200, self._token(call, user), "token")
        if _LISTS.match(path):
            return self.said(call, 200, [], "list")
        what = {"groups": "Group", "users": "User", "projects": "Project"}.get(path.partition("/")[0])
        return self.said(
            call, 404, {"message": f"404 {what} Not Found"} if what else {"error": "404 Not Found"}, "missing"
        )

    def _user(self, call: Call) -> dict[str, Any]:
        login = f"{call.who.pick('login', _LOGINS)}-{call.who.text('number', HEX, 2)}"
        return {
            "id": call.who.between("id", 3, 900),
            "username": login,
            "name": login,
            "state": "active",
            "locked": False,
            "avatar_url": None,
            "web_url": f"{call.request.root}/{login}",
            "created_at": call.since("created", 1200, "%Y-%m-%dT%H:%M:%S.000Z"),
            "bio": "",
            "location": "",
            "public_email": None,
            "bot": False,
            "last_activity_on": call.since("active", 20, "%Y-%m-%d"),
            "email": call.mailbox(login),
            "two_factor_enabled": False,
            "external": False,
            "is_admin": False,
        }

    def _token(self, call: Call, user: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": call.who.between("token", 20, 4000),
            "name": call.who.pick("token name", ("ci", "deploy", "mirror", "read")),
            "revoked": False,
            "created_at": call.since("token", 300, "%Y-%m-%dT%H:%M:%S.000Z"),
            "scopes": ["read_api", "read_repository"],
            "user_id": user["id"],
            "last_used_at": call.since("used", 9, "%Y-%m-%dT%H:%M:%S.000Z"),
            "active": True,
            "expires_at": None,
        }
