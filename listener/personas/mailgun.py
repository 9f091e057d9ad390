"""The Mailgun API: no domains of its own, and a message is not allowed.

documentation.mailgun.com/docs/mailgun/api-reference: domains, messages; user ``api``, the key as password.
"""

from __future__ import annotations

import re
from typing import ClassVar

from listener.personas import Answer, Request
from listener.personas._key_api import Call, KeyApi

_SENDS = re.compile(r"POST v3/([\w.-]{1,120})/messages(?:\.mime)?\Z")
_LISTS = re.compile(
    r"GET v\d/(?:domains|routes|lists(?:/pages)?|ips|[\w.-]{1,120}/(?:webhooks|templates|events|tags))\Z"
)


class Mailgun(KeyApi):
    name: ClassVar[str] = "mailgun"
    order: ClassVar[int] = 48
    kinds = frozenset({"mailgun-key"})
    segments = frozenset({"v1", "v2", "v3", "v4", "v5"})
    key = re.compile(r"key-[0-9a-f]{32}|[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}")
    paths = re.compile(r"v[1-5]/")
    own = re.compile(r"v3/(?:domains\Z|routes\Z|[\w-]+(?:\.[\w-]+)+/)|v4/domains\Z")

    def shown(self, request: Request) -> str:
        user, _, key = request.credential.partition(":")
        return key if user == "api" else ""

    def stranger(self, call: Call) -> Answer:
        challenge = ("WWW-Authenticate", 'Basic realm="MG API"')
        return Answer.of_json(401, {"message": "Invalid private key"}, challenge, name="asks")

    def reply(self, call: Call) -> Answer:
        if found := _SENDS.match(call.asked):
            message = (
                f"Domain {found[1]} is not allowed to send: The domain is unverified and requires DNS configuration. "
                "Log in to your control panel to view required DNS records."
            )
            return self.said(call, 403, {"message": message}, "denied")
        if _LISTS.match(call.asked):
            return self.said(call, 200, {"items": [], "total_count": 0}, "list")
        return self.said(
            call, 404, {"message": "Domain not found" if "domains/" in call.path else "Not found"}, "missing"
        )
