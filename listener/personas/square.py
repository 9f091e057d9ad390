"""Square's API: which locations the token's merchant has; everything else needs a scope.

developer.squareup.com/reference/square: locations, merchants, "Handling errors".
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from canaries.crypto.seeded_random import BASE36
from listener.personas import Answer
from listener.personas._key_api import Call, Headers, KeyApi

_CAPITALS = BASE36.upper()
_SCOPES = {
    "customers": "CUSTOMERS_READ",
    "payments": "PAYMENTS_READ",
    "orders": "ORDERS_READ",
    "catalog": "ITEMS_READ",
    "team-members": "EMPLOYEES_READ",
    "invoices": "INVOICES_READ",
}


class Square(KeyApi):
    name: ClassVar[str] = "square"
    order: ClassVar[int] = 35
    kinds = frozenset({"square-token"})
    base = "/v2/"
    key = re.compile(r"(?:EAAA|sq0atp-)[\w-]{20,90}")
    paths = re.compile(r"[a-z-]+(?:/|\Z)")
    own = re.compile(r"(?:locations|merchants|payments|team-members)(?:/|\Z)")

    def headers(self, call: Call) -> Headers:
        return (("square-version", "2025-08-20"), ("x-request-id", call.once.uuid("id")))

    def stranger(self, call: Call) -> Answer:
        return self._error(call, 401, "UNAUTHORIZED", "This request could not be authorized.")

    def reply(self, call: Call) -> Answer:
        merchant = f"ML{call.who.text('merchant', _CAPITALS, 11)}"
        if call.asked == "GET locations":
            return self.said(call, 200, {"locations": [self._location(call, merchant)]}, "locations")
        if call.asked in ("GET merchants", "GET merchants/me"):
            country, currency = call.who.pick("place", (("US", "USD"), ("GB", "GBP"), ("IE", "EUR")))
            shop = {
                "id": merchant,
                "business_name": "Shop",
                "country": country,
                "language_code": "en-US",
                "currency": currency,
                "status": "ACTIVE",
            }
            return self.said(
                call,
                200,
                {"merchant": [shop]} if call.path == "merchants" else {"merchant": shop},
                "merchant",
            )
        scope = _SCOPES.get(call.path.partition("/")[0], "MERCHANT_PROFILE_WRITE")
        detail = (
            "The merchant has not given your application sufficient permissions to do that. The merchant must "
            f"authorize your application for the following scopes: {scope}"
        )
        return self._error(call, 403, "INSUFFICIENT_SCOPES", detail)

    def _location(self, call: Call, merchant: str) -> dict[str, Any]:
        country, currency = call.who.pick("place", (("US", "USD"), ("GB", "GBP"), ("IE", "EUR")))
        return {
            "id": f"L{call.who.text('location', _CAPITALS, 12)}",
            "name": "Main",
            "timezone": "UTC",
            "capabilities": ["CREDIT_CARD_PROCESSING"],
            "status": "ACTIVE",
            "created_at": call.since("created", 1200),
            "merchant_id": merchant,
            "country": country,
            "language_code": "en-US",
            "currency": currency,
            "type": "PHYSICAL",
        }

    def _error(self, call: Call, status: int, code: str, detail: str) -> Answer:
        problem = {"category": "AUTHENTICATION_ERROR", "code": code, "detail": detail}
        return self.said(call, status, {"errors": [problem]}, code.lower())
