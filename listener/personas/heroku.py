"""The Heroku Platform API: whose account it is, without apps; everything else is forbidden.

devcenter.heroku.com/articles/platform-api-reference: account, "Error responses".
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from listener.personas import Answer, Request
from listener.personas._key_api import Call, Headers, KeyApi

_LISTS = frozenset({"apps", "addons", "pipelines", "teams", "account/keys", "account/features", "spaces"})


class Heroku(KeyApi):
    name: ClassVar[str] = "heroku"
    order: ClassVar[int] = 44
    kinds = frozenset({"heroku-key"})
    key = re.compile(r"HRKU-[\w-]{30,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    paths = re.compile(r"(?:account|apps|addons|pipelines|teams|spaces|oauth|schema)(?:/|\Z)")

    def shown(self, request: Request) -> str:
        return request.credential.rpartition(":")[2]

    def claims(self, request: Request) -> bool:
        return super().claims(request) or "vnd.heroku+json" in request.header(b"accept")

    def headers(self, call: Call) -> Headers:
        return (
            ("Oauth-Scope", "identity read"),
            ("Oauth-Scope-Accepted", "global identity read"),
            ("Ratelimit-Remaining", str(4_499 - call.once.below("used", 30))),
            ("Request-Id", call.once.uuid("id")),
        )

    def stranger(self, call: Call) -> Answer:
        problem = {"id": "unauthorized", "message": "Invalid credentials provided."}
        return self.said(call, 401, problem, "asks")

    def reply(self, call: Call) -> Answer:
        if call.asked == "GET account":
            return self.said(call, 200, self._account(call), "account")
        if call.request.method == "GET" and call.path in _LISTS:
            return self.said(call, 200, [], "list")
        problem = {
            "id": "forbidden",
            "message": "The scope of this OAuth authorization does not allow access to this resource.",
        }
        return self.said(call, 403, problem, "denied")

    def _account(self, call: Call) -> dict[str, Any]:
        return {
            "allow_tracking": True,
            "beta": False,
            "country_of_residence": None,
            "created_at": call.since("created", 1500),
            "email": call.mailbox("deploy"),
            "federated": False,
            "id": call.who.uuid("id"),
            "identity_provider": None,
            "last_login": call.since("login", 30),
            "name": None,
            "sms_number": None,
            "suspended_at": None,
            "two_factor_authentication": True,
            "updated_at": call.since("login", 30),
            "verified": True,
        }
