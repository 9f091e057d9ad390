"""The Notion API: which integration it is; it was given no page.

developers.notion.com/reference: users, search, "Status codes".
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from listener.personas import Answer, Request
from listener.personas._key_api import Call, Headers, KeyApi

_NAMES = ("Wiki export", "Automation", "CI", "Sync", "Reports", "Zap")
_THINGS = {
    "pages": "page",
    "databases": "database",
    "blocks": "block",
    "users": "user",
    "data_sources": "data source",
}


class Notion(KeyApi):
    name: ClassVar[str] = "notion"
    order: ClassVar[int] = 36
    kinds = frozenset({"notion-token"})
    base = "/v1/"
    key = re.compile(r"(?:ntn|secret)_[A-Za-z0-9]{40,60}")
    paths = re.compile(r"(?:users|search|pages|databases|blocks|comments|data_sources|file_uploads)(?:/|\Z)")

    def claims(self, request: Request) -> bool:
        return super().claims(request) or bool(
            request.header(b"notion-version") and request.service_path.startswith("/v1/")
        )

    def headers(self, call: Call) -> Headers:
        return (("x-notion-request-id", call.once.uuid("id")),)

    def stranger(self, call: Call) -> Answer:
        return self._error(call, 401, "unauthorized", "API token is invalid.")

    def reply(self, call: Call) -> Answer:
        bot = self._bot(call)
        what, _, name = call.path.partition("/")
        if call.asked == "GET users/me" or call.asked == f"GET users/{bot['id']}":
            return self._told(call, 200, bot, "me")
        if call.asked in ("POST search", "GET users"):
            sort = "page_or_database" if what == "search" else "user"
            listed: dict[str, Any] = {
                "object": "list",
                "results": [] if what == "search" else [bot],
                "next_cursor": None,
                "has_more": False,
                "type": sort,
                sort: {},
            }
            return self._told(call, 200, listed, "list")
        if call.request.method in ("POST", "PATCH", "DELETE") and what != "databases":
            return self._error(
                call, 403, "restricted_resource", "Insufficient permissions for this endpoint."
            )
        shared = "Make sure the relevant pages and databases are shared with your integration."
        missing = f"Could not find {_THINGS.get(what, 'object')} with ID: {name.partition('/')[0]}. {shared}"
        return self._error(call, 404, "object_not_found", missing)

    def _bot(self, call: Call) -> dict[str, Any]:
        owner = {"owner": {"type": "workspace", "workspace": True}, "workspace_name": "Team wiki"}
        name = call.who.pick("name", _NAMES)
        return {
            "object": "user",
            "id": call.who.uuid("id"),
            "name": name,
            "avatar_url": None,
            "type": "bot",
            "bot": owner,
        }

    def _told(self, call: Call, status: int, document: dict[str, Any], name: str) -> Answer:
        return self.said(call, status, {**document, "request_id": call.once.uuid("id")}, name)

    def _error(self, call: Call, status: int, code: str, message: str) -> Answer:
        return self._told(
            call, status, {"object": "error", "status": status, "code": code, "message": message}, code
        )
