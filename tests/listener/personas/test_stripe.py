"""The real library reads the balance and finds empty lists."""

from __future__ import annotations

from typing import Any

import pytest

SHAPES = {
    "customers": [("GET", "/v1/customers", {"authorization": f"Bearer sk_live_{d * 40}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""
SAME_EVERYWHERE = True
"""The service itself answers everybody alike."""

stripe = pytest.importorskip("stripe")

KEY = "sk_live_51" + "Ab3" * 33


@pytest.fixture(params=["", "/q7f3k29xk2m5v8w1z4y6c"])
def client(stand_in: str, request: pytest.FixtureRequest) -> Any:
    base = {"api": f"{stand_in}{request.param}"}
    return stripe.StripeClient(
        KEY, base_addresses=base, max_network_retries=0, http_client=stripe.UrllibClient()
    )


def test_balance(client: Any) -> None:
    balance = client.v1.balance.retrieve()
    assert balance.livemode is True
    assert balance.available[0].amount > 0
    assert balance.available == client.v1.balance.retrieve().available


def test_lists_are_empty(client: Any) -> None:
    assert client.v1.customers.list().data == []
    assert client.v1.charges.list().has_more is False


def test_nothing_can_be_found_or_made(client: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="No such"):
        client.v1.customers.retrieve("cus_123")
    with pytest.raises(stripe.InvalidRequestError, match="live charges"):
        client.v1.payment_intents.create({"amount": 100, "currency": "usd"})


def test_basic_works_as_with_curl_and_no_key_does_not(ask) -> None:  # type: ignore[no-untyped-def]
    import base64

    pair = base64.b64encode(f"{KEY}:".encode()).decode()
    assert ask("GET", "/v1/balance", authorization=f"Basic {pair}")[1].status == 200
    assert ask("GET", "/v1/balance")[1].status == 401
