"""New Relic's NerdGraph and REST API: whose key it is, no account's data.

docs.newrelic.com/docs/apis/nerdgraph, /docs/apis/rest-api-v2.
"""

from __future__ import annotations

import re
from typing import ClassVar

from canaries.crypto.seeded_random import HEX
from listener.personas import Answer, Request
from listener.personas._graphql import filled
from listener.personas._key_api import Call, Headers, KeyApi


class NewRelic(KeyApi):
    name: ClassVar[str] = "newrelic"
    order: ClassVar[int] = 49
    kinds = frozenset({"newrelic-key"})
    segments = frozenset({"graphql", "v2"})
    key = re.compile(r"NRAK-[A-Z0-9]{27}")
    paths = re.compile(r"graphql\Z|v2/[a-z_]+")

    def shown(self, request: Request) -> str:
        return request.header(b"api-key") or request.header(b"x-api-key")

    def claims(self, request: Request) -> bool:
        named = request.header(b"api-key")
        return bool(named and self.paths.match(request.service_path[1:])) or super().claims(request)

    def headers(self, call: Call) -> Headers:
        return (("x-request-id", call.once.text("id", HEX, 32)),)

    def stranger(self, call: Call) -> Answer:
        message = (
            "The API key provided is invalid. Check that it is a user key and that it has not been deleted."
        )
        return self.said(call, 401, {"error": {"title": message}}, "asks")

    def reply(self, call: Call) -> Answer:
        what = call.path.partition("/")[2].removesuffix(".json")
        if call.path != "graphql":
            if call.request.method == "GET" and re.fullmatch(r"[a-z_]+", what):
                return self.said(call, 200, {what: []}, "list")
            return self.said(
                call, 403, {"error": {"title": "The API key does not have permission to do this."}}, "denied"
            )
        user = {
            "id": call.who.between("user", 10**9, 10**10),
            "name": "Integrations",
            "email": call.mailbox("integrations"),
        }
        asked = filled(call.request.body, {"actor": {"user": user, "accounts": []}})
        if asked.problem:
            problem = {"message": asked.problem, "extensions": {"errorClass": "INVALID_INPUT"}}
            return self.said(call, 200, {"errors": [problem]}, "refused")
        if asked.mutates:
            problem = {
                "message": "You are not authorized to do this.",
                "extensions": {"errorClass": "FORBIDDEN"},
            }
            return self.said(call, 200, {"data": None, "errors": [problem]}, "denied")
        return self.said(call, 200, {"data": asked.data}, "graphql")
