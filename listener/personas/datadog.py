"""The Datadog API: the key is valid, what is sent in is taken, and nothing may be read.

docs.datadoghq.com/api: "Validate API key", "Submit metrics", events, checks; the errors' form.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from listener.personas import Answer, Request
from listener.personas._key_api import Call, Headers, KeyApi

_TAKES = re.compile(r"POST v[12]/(?:series|check_run|distribution_points|logs|intake)\Z|POST v1/input\Z")


class Datadog(KeyApi):
    name: ClassVar[str] = "datadog"
    order: ClassVar[int] = 33
    kinds = frozenset({"datadog-key"})
    base = "/api/"
    key = re.compile(r"[0-9a-f]{32}")
    paths = re.compile(r"v[12]/")
    own = re.compile(r"v1/(?:validate|series|check_run|dashboard|monitor)(?:/|\Z)|v2/(?:series|logs)(?:/|\Z)")

    def shown(self, request: Request) -> str:
        asked = re.search(r"(?:\A|&)api_key=([0-9a-f]{32})(?:&|\Z)", request.query)
        return request.header(b"dd-api-key") or (asked[1] if asked else "")

    def headers(self, call: Call) -> Headers:
        return (
            ("x-content-type-options", "nosniff"),
            ("strict-transport-security", "max-age=31536000; includeSubDomains; preload"),
        )

    def stranger(self, call: Call) -> Answer:
        return self.said(call, 403, {"status": "error", "code": 403, "errors": ["Forbidden"]}, "asks")

    def reply(self, call: Call) -> Answer:
        if call.asked == "GET v1/validate":
            return self.said(call, 200, {"valid": True}, "validate")
        if _TAKES.match(call.asked):
            taken: dict[str, Any] = {"errors": []} if call.path.startswith("v2/") else {"status": "ok"}
            return self.said(call, 202, taken, "taken")
        return self.said(call, 403, {"errors": ["Forbidden"]}, "denied")
