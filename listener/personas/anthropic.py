"""The Anthropic API: which models there are; a message costs what the account does not have.

docs.anthropic.com/en/api: models, "Errors", "Versioning".
"""

from __future__ import annotations

import re
from typing import ClassVar

from canaries.crypto.seeded_random import BASE62
from listener.personas import Answer, Request
from listener.personas._key_api import Call, Headers, KeyApi

_MODELS = (
    ("claude-sonnet-4-5-20250929", "Claude Sonnet 4.5", "2025-09-29T00:00:00Z"),
    ("claude-opus-4-1-20250805", "Claude Opus 4.1", "2025-08-05T00:00:00Z"),
    ("claude-opus-4-20250514", "Claude Opus 4", "2025-05-22T00:00:00Z"),
    ("claude-sonnet-4-20250514", "Claude Sonnet 4", "2025-05-22T00:00:00Z"),
    ("claude-3-7-sonnet-20250219", "Claude Sonnet 3.7", "2025-02-24T00:00:00Z"),
    ("claude-3-5-haiku-20241022", "Claude Haiku 3.5", "2024-10-22T00:00:00Z"),
)
_POOR = (
    "Your credit balance is too low to access the Anthropic API. "
    "Please go to Plans & Billing to upgrade or purchase credits."
)


class Anthropic(KeyApi):
    name: ClassVar[str] = "anthropic"
    order: ClassVar[int] = 38
    kinds = frozenset({"anthropic-key"})
    base = "/v1/"
    key = re.compile(r"sk-ant-[\w-]{20,}")
    paths = re.compile(r"(?:models|messages|complete|files|organizations)(?:/|\Z)")

    def shown(self, request: Request) -> str:
        return request.header(b"x-api-key") or request.credential

    def claims(self, request: Request) -> bool:
        path, base = request.service_path, self.base
        asks = request.header(b"anthropic-version") or request.header(b"x-api-key")
        ours = asks and path.startswith(base) and self.paths.match(path[len(base) :])
        return bool(ours) or super().claims(request)

    def headers(self, call: Call) -> Headers:
        return (("request-id", f"req_011{call.once.text('id', BASE62, 21)}"),)

    def stranger(self, call: Call) -> Answer:
        shown = call.request.header(b"x-api-key") or call.request.authorization
        message = "invalid x-api-key" if shown else "x-api-key header is required"
        return self._error(call, 401, "authentication_error", message)

    def reply(self, call: Call) -> Answer:
        what, _, name = call.path.partition("/")
        models = [
            {"type": "model", "id": model, "display_name": shown, "created_at": created}
            for model, shown, created in _MODELS
        ]
        if call.asked == "GET models":
            ends = {"has_more": False, "first_id": _MODELS[0][0], "last_id": _MODELS[-1][0]}
            return self.said(call, 200, {"data": models, **ends}, "models")
        if call.request.method == "GET" and what == "models":
            for model in models:
                if model["id"] == name:
                    return self.said(call, 200, model, "model")
            return self._error(call, 404, "not_found_error", f"model: {name}")
        if call.request.method == "POST" and what in ("messages", "complete"):
            return self._error(call, 400, "invalid_request_error", _POOR)
        return self._error(
            call,
            403,
            "permission_error",
            "Your API key does not have permission to use the specified resource.",
        )

    def _error(self, call: Call, status: int, kind: str, message: str) -> Answer:
        problem = {"type": kind, "message": message}
        request_id = self.headers(call)[0][1]
        return self.said(call, status, {"type": "error", "error": problem, "request_id": request_id}, kind)
