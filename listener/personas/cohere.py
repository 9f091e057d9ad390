"""The Cohere API: which models there are, whether the key is valid; the trial is used up.

docs.cohere.com/reference: list models, check API key, "Errors".
"""

from __future__ import annotations

import re
from typing import ClassVar

from listener.personas import Answer, Request
from listener.personas._key_api import Call, Headers, KeyApi

_MODELS = (
    ("command-a-03-2025", 288_000, ("chat",)),
    ("command-r-plus-08-2024", 132_096, ("generate", "chat", "summarize")),
    ("command-r-08-2024", 132_096, ("generate", "chat", "summarize")),
    ("embed-v4.0", 128_000, ("embed", "embed_image")),
    ("rerank-v3.5", 4_096, ("rerank",)),
)
_USED_UP = (
    "You are using a Trial key, which is limited to 1000 API calls / month. You can continue to use the Trial key for "
    "free or upgrade to a Production key with higher rate limits at 'https://dashboard.cohere.com/api-keys'."
)


class Cohere(KeyApi):
    name: ClassVar[str] = "cohere"
    order: ClassVar[int] = 39
    kinds = frozenset({"cohere-key"})
    segments = frozenset({"v1", "v2"})
    key = re.compile(r"(?!sk-)[A-Za-z0-9]{40}")
    paths = re.compile(
        r"v[12]/(?:models|chat|generate|embed|rerank|classify|tokenize|detokenize|check-api-key|summarize)(?:/|\Z)"
    )
    own = re.compile(r"v1/(?:check-api-key|rerank)\Z|v2/(?:chat|embed|rerank)\Z")

    def claims(self, request: Request) -> bool:
        if super().claims(request):
            return True
        says = request.header(b"x-fern-sdk-name") or request.header(b"user-agent")
        return says.startswith("cohere") and self.paths.match(request.service_path[1:]) is not None

    def headers(self, call: Call) -> Headers:
        return (
            ("X-Debug-Trace-Id", call.once.draw_bytes("trace", 16).hex()),
            ("Cache-Control", "no-cache, no-store"),
        )

    def stranger(self, call: Call) -> Answer:
        return self._error(
            call, 401, "invalid api token" if call.request.authorization else "no api key supplied"
        )

    def reply(self, call: Call) -> Answer:
        if call.asked == "GET v1/models":
            models = [
                {
                    "name": name,
                    "endpoints": list(endpoints),
                    "finetuned": False,
                    "context_length": length,
                    "tokenizer_url": "",
                    "default_endpoints": [],
                }
                for name, length, endpoints in _MODELS
            ]
            return self.said(call, 200, {"models": models}, "models")
        if call.asked == "POST v1/check-api-key":
            owner = {"organization_id": call.who.uuid("organisation"), "owner_id": call.who.uuid("owner")}
            return self.said(call, 200, {"valid": True, **owner}, "valid")
        if call.request.method == "POST":
            return self._error(call, 429, _USED_UP)
        return self._error(call, 404, f"model '{call.path.rpartition('/')[2]}' not found")

    def _error(self, call: Call, status: int, message: str) -> Answer:
        return self.said(call, status, {"id": call.once.uuid("id"), "message": message}, f"refused-{status}")
