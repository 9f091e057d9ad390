"""Linear's GraphQL API: who the key belongs to, by the fields asked for; there is nothing else to be seen.

linear.app/developers/graphql: "Authentication", "Error handling".
"""

from __future__ import annotations

import re
from typing import ClassVar

from canaries.crypto.seeded_random import HEX
from listener.personas import Answer, Request
from listener.personas._graphql import filled
from listener.personas._key_api import Call, Headers, KeyApi

_NAMES = ("Integrations", "CI", "Release bot", "Sync", "Importer")


class Linear(KeyApi):
    name: ClassVar[str] = "linear"
    order: ClassVar[int] = 47
    kinds = frozenset({"linear-key"})
    segments = frozenset({"graphql"})
    key = re.compile(r"lin_(?:api|oauth)_[A-Za-z0-9]{32,64}")
    paths = re.compile(r"graphql\Z")

    def shown(self, request: Request) -> str:
        return request.credential or request.authorization

    def headers(self, call: Call) -> Headers:
        return (
            ("x-request-id", call.once.text("id", HEX, 32)),
            ("x-ratelimit-requests-remaining", str(1_499 - call.once.below("used", 20))),
        )

    def stranger(self, call: Call) -> Answer:
        return self._error(call, 401, "Authentication required, not authenticated", "AUTHENTICATION_ERROR")

    def reply(self, call: Call) -> Answer:
        name = call.who.pick("name", _NAMES)
        viewer = {
            "id": call.who.uuid("id"),
            "name": name,
            "displayName": name.lower(),
            "email": call.mailbox("integrations"),
            "active": True,
            "admin": False,
            "guest": False,
        }
        organization = {
            "id": call.who.uuid("organisation"),
            "name": "Engineering",
            "urlKey": f"eng-{call.who.text('key', HEX, 6)}",
        }
        asked = filled(call.request.body, {"viewer": viewer, "organization": organization})
        if asked.problem:
            return self._error(call, 400, asked.problem, "GRAPHQL_PARSE_FAILED")
        if asked.mutates:
            return self._error(call, 400, "You don't have permission to do this", "FORBIDDEN")
        return self.said(call, 200, {"data": asked.data}, "graphql")

    def _error(self, call: Call, status: int, message: str, code: str) -> Answer:
        shown = {
            "type": code.lower().replace("_", " "),
            "code": code,
            "statusCode": status,
            "userError": True,
            "userPresentableMessage": message,
        }
        return self.said(call, status, {"errors": [{"message": message, "extensions": shown}]}, code.lower())
