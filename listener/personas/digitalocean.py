"""The DigitalOcean API: whose account it is, nothing in it, and nothing may be made.

docs.digitalocean.com/reference/api: account, droplets, "Errors", rate limit headers.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from canaries.crypto.seeded_random import HEX
from listener.personas import Answer
from listener.personas._key_api import Call, Headers, KeyApi

_LISTS = frozenset(
    {
        "droplets",
        "databases",
        "domains",
        "images",
        "snapshots",
        "volumes",
        "load_balancers",
        "projects",
        "apps",
        "firewalls",
    }
)
_TEAMS = ("My Team", "Production", "Infrastructure", "Engineering", "Ops")


class DigitalOcean(KeyApi):
    name: ClassVar[str] = "digitalocean"
    order: ClassVar[int] = 36
    kinds = frozenset({"digitalocean-token"})
    base = "/v2/"
    key = re.compile(r"do[opr]_v1_[0-9a-f]{64}|[0-9a-f]{64}")
    paths = re.compile(r"[a-z0-9_]+(?:/|\Z)")
    own = re.compile(r"(?:account|droplets|load_balancers|floating_ips|reserved_ips)(?:/|\Z)")

    def headers(self, call: Call) -> Headers:
        reset = str(call.request.at // 1_000_000 + 3_600)
        return (
            ("ratelimit-limit", "5000"),
            ("ratelimit-remaining", str(4_999 - call.once.below("used", 40))),
            ("ratelimit-reset", reset),
            ("x-request-id", call.once.uuid("id")),
        )

    def stranger(self, call: Call) -> Answer:
        problem = {"id": "Unauthorized", "message": "Unable to authenticate you"}
        return self.said(call, 401, problem, "asks")

    def reply(self, call: Call) -> Answer:
        if call.asked == "GET account":
            return self.said(call, 200, {"account": self._account(call)}, "account")
        if call.request.method == "GET" and call.path in _LISTS:
            return self.said(call, 200, {call.path: [], "links": {}, "meta": {"total": 0}}, "list")
        problem = {"id": "Forbidden", "message": "You are not authorized to perform this operation"}
        return self.said(call, 403, problem, "denied")

    def _account(self, call: Call) -> dict[str, Any]:
        return {
            "droplet_limit": call.who.pick("limit", (10, 25, 50)),
            "floating_ip_limit": 3,
            "reserved_ip_limit": 3,
            "volume_limit": 100,
            "email": call.mailbox("cloud"),
            "name": "",
            "uuid": call.who.text("uuid", HEX, 40),
            "email_verified": True,
            "status": "active",
            "status_message": "",
            "team": {"uuid": call.who.text("team", HEX, 40), "name": call.who.pick("name", _TEAMS)},
        }
