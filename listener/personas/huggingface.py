"""The Hugging Face hub: whose token it is; every repository is one that it may not see.

huggingface.co/docs/hub/api: whoami, models; ``X-Error-Code`` is what the library reads.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from canaries.crypto.seeded_random import HEX
from listener.personas import Answer
from listener.personas._key_api import Call, Headers, KeyApi

_NAMES = ("ml-ci", "nlp-train", "model-push", "inference-prod", "data-jobs", "eval-bot")
_MISSING = (("X-Error-Code", "RepoNotFound"), ("X-Error-Message", "Repository not found"))


class HuggingFace(KeyApi):
    name: ClassVar[str] = "huggingface"
    order: ClassVar[int] = 46
    kinds = frozenset({"huggingface-token"})
    key = re.compile(r"(?:hf|api_org)_[A-Za-z]{30,40}")
    paths = re.compile(r"api(?:/|\Z)|[\w.-]+(?:/[\w.-]+)?/(?:resolve|raw|info)(?:/|\Z)|(?:datasets|spaces)/")
    own = re.compile(r"api/(?:whoami-v2|models|datasets|spaces)(?:/|\Z)")

    def headers(self, call: Call) -> Headers:
        return (
            ("X-Powered-By", "huggingface-moon"),
            ("X-Request-Id", f"Root=1-{call.once.text('id', HEX, 8)}-{call.once.text('rest', HEX, 24)}"),
        )

    def stranger(self, call: Call) -> Answer:
        return self.said(call, 401, {"error": "Invalid username or password."}, "asks")

    def reply(self, call: Call) -> Answer:
        if call.asked == "GET api/whoami-v2":
            return self.said(call, 200, self._owner(call), "whoami")
        if call.request.method == "GET" and call.path in ("api/models", "api/datasets", "api/spaces"):
            return self.said(call, 200, [], "list")
        if call.path.startswith("api/repos"):
            problem = "You don't have the rights to create a model under the namespace "
            return self.said(call, 403, {"error": f'{problem}"{self._owner(call)["name"]}"'}, "denied")
        return Answer.of_json(
            404, {"error": "Repository not found"}, *self.headers(call), *_MISSING, name="missing"
        )

    def _owner(self, call: Call) -> dict[str, Any]:
        name = f"{call.who.pick('name', _NAMES)}-{call.who.text('number', HEX, 4)}"
        token = {
            "displayName": call.who.pick("token", ("ci", "train", "read", "prod")),
            "role": "read",
            "createdAt": call.since("created", 400, "%Y-%m-%dT%H:%M:%S.000Z"),
        }
        return {
            "type": "user",
            "id": call.who.text("id", HEX, 24),
            "name": name,
            "fullname": name,
            "isPro": False,
            "avatarUrl": f"/avatars/{call.who.text('avatar', HEX, 32)}.svg",
            "orgs": [],
            "auth": {"type": "access_token", "accessToken": token},
        }
