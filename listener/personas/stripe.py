"""The Stripe API: a live account with a balance and nothing else in it.

docs.stripe.com/api: balance, list objects, errors. The test and the live key of one account see the same.
"""

from __future__ import annotations

import re
from typing import ClassVar

from canaries.crypto.seeded_random import BASE62
from listener.personas import Answer, Persona, Request

_PATH = re.compile(
    r"/v1/(balance|account|customers|charges|payment_intents|payouts|balance_transactions|events|invoices|products"
    r"|prices|subscriptions|refunds|transfers|disputes|webhook_endpoints|checkout/sessions)(?:/([\w-]{1,80}))?\Z"
)
_KEY = re.compile(r"[spr]k_(?:live|test)_\w{10,}")
_CURRENCIES = ("usd", "eur", "gbp")


class Stripe(Persona):
    name: ClassVar[str] = "stripe"
    order: ClassVar[int] = 45
    kinds = frozenset({"stripe-key"})
    segments = frozenset({"v1"})
    prefix = re.compile(r"/v1(?:/|\Z)")
    token = _KEY

    def claims(self, request: Request) -> bool:
        return _PATH.match(request.service_path) is not None

    def unknown(self, request: Request) -> Answer:
        asked = f"{request.method[:16]}: {request.service_path[:200]}"
        message = f"Unrecognized request URL ({asked}). Please see https://stripe.com/docs or we can help at"
        problem = {"message": f"{message} https://support.stripe.com/.", "type": "invalid_request_error"}
        return Answer.of_json(404, {"error": problem}, name="unknown")

    def answer(self, request: Request) -> Answer:
        path, key = _PATH.match(request.service_path), _KEY.match(request.credential)
        request_id = (
            "Request-Id",
            f"req_{self.identity.once('stripe', request.seen).text('id', BASE62, 14)}",
        )
        if path is None or key is None:
            problem = {"message": "Invalid API Key provided.", "type": "invalid_request_error"}
            return Answer.of_json(401, {"error": problem}, request_id)
        what, name, account = path[1], path[2], key[0][:24]
        if name or request.method != "GET":
            code = {"code": "resource_missing", "message": f"No such object: '{name}'"} if name else {}
            problem = {
                "message": "This account cannot currently make live charges.",
                **code,
                "type": "invalid_request_error",
            }
            return Answer.of_json(404 if name else 400, {"error": problem}, request_id, name="refused")
        if what == "balance":
            return Answer.of_json(
                200, self._balance(account, live="_live_" in key[0]), request_id, name="balance"
            )
        if what == "account":
            shown = {
                "id": f"acct_1{account[11:]}",
                "object": "account",
                "charges_enabled": True,
                "payouts_enabled": True,
            }
            return Answer.of_json(200, shown, request_id, name="account")
        listed = {"object": "list", "data": [], "has_more": False, "url": f"/v1/{what}"}
        return Answer.of_json(200, listed, request_id, name="list")

    def _balance(self, account: str, *, live: bool) -> dict[str, object]:
        stream = self.identity.stream(f"stripe:{account}")
        currency = stream.pick("currency", _CURRENCIES)

        def amount(label: str, most: int) -> list[dict[str, object]]:
            value = stream.between(label, 1_000, most)
            return [{"amount": value, "currency": currency, "source_types": {"card": value}}]

        return {
            "object": "balance",
            "available": amount("available", 900_000),
            "livemode": live,
            "pending": amount("pending", 90_000),
        }
