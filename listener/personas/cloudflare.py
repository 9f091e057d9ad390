"""The Cloudflare API: the token is active, and may do nothing else.

developers.cloudflare.com/api: "Verify Token", accounts, zones; error codes 10000, 6003, 6111.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from canaries.crypto.seeded_random import HEX
from listener.personas import Answer
from listener.personas._key_api import Call, Headers, KeyApi

_PLACES = ("FRA", "AMS", "LHR", "IAD", "CDG", "SJC", "SIN", "WAW")


class Cloudflare(KeyApi):
    name: ClassVar[str] = "cloudflare"
    order: ClassVar[int] = 31
    kinds = frozenset({"cloudflare-token"})
    base = "/client/v4"
    key = re.compile(r"[\w-]{37,64}")
    paths = own = re.compile(r"/|\Z")

    def headers(self, call: Call) -> Headers:
        place = self.identity.stream("cloudflare").pick("place", _PLACES)
        return (("CF-Ray", f"{call.once.text('ray', HEX, 16)}-{place}"), ("Server", "cloudflare"))

    def stranger(self, call: Call) -> Answer:
        chain = [{"code": 6111, "message": "Invalid format for Authorization header"}]
        problem = {"code": 6003, "message": "Invalid request headers", "error_chain": chain}
        return self._told(call, 400, None, "asks", errors=[problem])

    def reply(self, call: Call) -> Answer:
        if call.asked in ("GET /user/tokens/verify", "GET /user/tokens/verify/"):
            active = {"id": call.who.text("id", HEX, 32), "status": "active"}
            told = {"code": 10000, "message": "This API Token is valid and active", "type": None}
            return self._told(call, 200, active, "verify", messages=[told])
        if call.asked in ("GET /accounts", "GET /zones", "GET /memberships"):
            info = {"page": 1, "per_page": 20, "total_pages": 0, "count": 0, "total_count": 0}
            return self._told(call, 200, [], "list", result_info=info)
        return self._told(
            call, 403, None, "denied", errors=[{"code": 10000, "message": "Authentication error"}]
        )

    def _told(self, call: Call, status: int, result: Any, name: str, **more: Any) -> Answer:
        document = {"result": result, "success": status == 200, "errors": [], "messages": [], **more}
        return self.said(call, status, document, name)
