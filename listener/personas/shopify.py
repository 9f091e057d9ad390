"""A Shopify shop's Admin API: which shop it is; all else needs a scope that the token has not.

shopify.dev/docs/api/admin-rest: shop, "Status and error codes"; GraphQL by the fields asked for.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from canaries.crypto.seeded_random import HEX
from listener.personas import Answer
from listener.personas._graphql import filled
from listener.personas._key_api import Call, Headers, KeyApi

_PATH = re.compile(r"admin/(?:api/([\w-]+)/)?([a-z_]+)")
_CURRENCIES = ("EUR", "USD", "GBP")


class Shopify(KeyApi):
    name: ClassVar[str] = "shopify"
    order: ClassVar[int] = 28
    kinds = frozenset({"shopify-token"})
    segments = frozenset({"admin"})
    key = re.compile(r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}")
    header = b"x-shopify-access-token"
    paths = re.compile(r"admin/")
    own = re.compile(r"admin/(?:api/|shop\.json|oauth/)")

    def headers(self, call: Call) -> Headers:
        return (
            ("X-Request-Id", call.once.uuid("id")),
            (
                "X-Shopify-Api-Version",
                (found[1] or "2025-07") if (found := _PATH.match(call.path)) else "2025-07",
            ),
            ("X-Shopify-Shop-Api-Call-Limit", "1/40"),
        )

    def stranger(self, call: Call) -> Answer:
        problem = "[API] Invalid API key or access token (unrecognized login or wrong password)"
        return self.said(call, 401, {"errors": problem}, "asks")

    def reply(self, call: Call) -> Answer:
        shop = self._shop(call)
        if call.request.method == "GET" and re.search(r"(?:\A|/)shop(?:\.json)?\Z", call.path):
            return self.said(call, 200, {"shop": shop}, "shop")
        if call.path.endswith("graphql.json"):
            asked = filled(
                call.request.body,
                {
                    "shop": {
                        "name": shop["name"],
                        "id": f"gid://shopify/Shop/{shop['id']}",
                        "email": shop["email"],
                    }
                },
            )
            if asked.problem or asked.mutates:
                message = asked.problem or "Access denied. Required access: the scope of this mutation."
                return self.said(
                    call,
                    200,
                    {"errors": [{"message": message, "extensions": {"code": "ACCESS_DENIED"}}]},
                    "denied",
                )
            return self.said(call, 200, {"data": asked.data}, "graphql")
        found = _PATH.match(call.path)
        scope = f"{'read' if call.request.method == 'GET' else 'write'}_{found[2] if found else 'products'}"
        return self.said(
            call,
            403,
            {"errors": f"[API] This action requires merchant approval for {scope} scope."},
            "denied",
        )

    def _shop(self, call: Call) -> dict[str, Any]:
        host = call.request.root.partition("://")[2].partition("/")[0]
        name = f"shop-{call.who.text('name', HEX, 6)}"
        return {
            "id": call.who.between("id", 10**9, 9 * 10**10),
            "name": name,
            "email": call.mailbox("shop"),
            "domain": host,
            "created_at": call.since("created", 1200, "%Y-%m-%dT%H:%M:%S-05:00"),
            "currency": call.who.pick("currency", _CURRENCIES),
            "myshopify_domain": host,
            "plan_name": "basic",
            "has_storefront": True,
            "password_enabled": False,
        }
