"""Slack's Web API and incoming webhooks: whose token it is, and a scope that is missing for all else; posts are taken.

api.slack.com/methods/auth.test, /web ("Evaluating responses"), /messaging/webhooks ("Handling errors").
"""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar
from urllib.parse import parse_qs

from canaries.crypto.seeded_random import BASE36, HEX
from listener.personas import Answer, Persona, Request

_METHOD = re.compile(r"/(?:api/)?([a-z][A-Za-z]+(?:\.[a-zA-Z0-9]+){1,3})\Z")
_WEBHOOK = re.compile(r"/services/T[A-Z0-9]{6,14}/B[A-Z0-9]{6,14}/\w{16,64}\Z")
_TOKEN = re.compile(r"xox[abeprs]-[\w.-]{10,}|xapp-[\w-]{10,}")
_CAPITALS = BASE36.upper()
_NEEDED = {
    "conversations": "channels:read,groups:read,mpim:read,im:read",
    "users": "users:read",
    "files": "files:read",
    "team": "team:read",
    "search": "search:read",
    "channels": "channels:read",
    "usergroups": "usergroups:read",
}


class SlackApi(Persona):
    name: ClassVar[str] = "slack"
    order: ClassVar[int] = 27
    kinds = frozenset({"slack-bot-token", "webhook-url"})
    prefix = re.compile(r"/api/")
    token = _TOKEN

    def claims(self, request: Request) -> bool:
        path = request.service_path
        if _WEBHOOK.match(path):
            return True
        found = _METHOD.match(path)
        return found is not None and (
            found[1] in ("auth.test", "api.test") or bool(_TOKEN.match(_token(request)))
        )

    def unknown(self, request: Request) -> Answer:
        method = request.service_path.partition("/api/")[2][:80]
        return self._told(request, {"ok": False, "error": "unknown_method", "req_method": method}, "unknown")

    def answer(self, request: Request) -> Answer:
        if _WEBHOOK.match(request.service_path):
            return _posted(request)
        found, token = _METHOD.match(request.service_path), _token(request)
        method = found[1] if found else ""
        if method == "api.test":
            return self._told(request, {"ok": True}, "ok")
        if not token:
            return self._told(request, {"ok": False, "error": "not_authed"}, "asks")
        if not _TOKEN.fullmatch(token):
            return self._told(request, {"ok": False, "error": "invalid_auth"}, "refused")
        if method == "auth.test":
            return self._told(request, self._owner(token), "auth.test")
        if method in ("chat.postMessage", "chat.update", "chat.delete", "reactions.add"):
            return self._told(request, {"ok": False, "error": "channel_not_found"}, "refused")
        needed = _NEEDED.get(method.partition(".")[0], f"{method.partition('.')[0]}:read")
        refused = {"ok": False, "error": "missing_scope", "needed": needed, "provided": "chat:write"}
        return self._told(request, refused, "denied")

    def _owner(self, token: str) -> dict[str, Any]:
        who, workspace = self.identity.stream(f"slack:{token}"), self.identity.stream("slack")
        return {
            "ok": True,
            "url": f"https://{workspace.text('team', HEX, 12)}.slack.com/",
            "team": workspace.pick("name", ("Engineering", "Operations", "Platform", "Team")),
            "user": who.pick("user", ("deploybot", "alerts", "ci", "oncall", "releases")),
            "team_id": f"T0{workspace.text('id', _CAPITALS, 9)}",
            "user_id": f"U0{who.text('user id', _CAPITALS, 9)}",
            "bot_id": f"B0{who.text('bot', _CAPITALS, 9)}",
            "is_enterprise_install": False,
        }

    def _told(self, request: Request, document: dict[str, Any], name: str) -> Answer:
        headers = (
            ("Content-Type", "application/json; charset=utf-8"),
            ("x-oauth-scopes", "chat:write"),
            ("x-slack-req-id", self.identity.once("slack", request.seen).text("id", HEX, 32)),
        )
        return Answer.of_json(200, document, *headers, name=name)


def _token(request: Request) -> str:
    """Of the header, the form or the query."""
    if request.credential:
        return request.credential
    form = request.body[:65_536].decode("latin-1") if b"token=" in request.body[:65_536] else ""
    return parse_qs(form or request.query).get("token", [""])[0]


def _posted(request: Request) -> Answer:
    """A webhook answers in plain words, not in JSON."""
    text = request.body[:65_536].decode("utf-8", "replace")
    if text.startswith("payload="):
        text = parse_qs(text).get("payload", [""])[0]
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError):
        payload = None
    if not isinstance(payload, dict):
        status, said = 400, "invalid_payload"
    elif any(payload.get(name) for name in ("text", "blocks", "attachments")):
        status, said = 200, "ok"
    else:
        status, said = 400, "no_text"
    return Answer(status, (("Content-Type", "text/html"),), said.encode(), said)
