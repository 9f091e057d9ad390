"""Shopify says which shop it is; everything else needs another scope."""

from __future__ import annotations

import json
from typing import Any

SHAPES = {
    "shop": [
        ("GET", "/admin/api/2025-01/shop.json", {"x-shopify-access-token": f"shpat_{d * 32}"}) for d in "ab"
    ],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEY = "shpat_" + "0123456789abcdef" * 2


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_which_shop_it_is(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask(
        "GET", "/admin/api/2025-01/shop.json", x_shopify_access_token=KEY, host="shop.hill.net"
    )
    assert (name, answer.status) == ("shopify", 200)
    assert said(answer)["shop"]["domain"] == "shop.hill.net"
    assert dict(answer.headers)["X-Shopify-Api-Version"] == "2025-01"


def test_the_rest_needs_a_scope(ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask("GET", "/admin/api/2025-01/customers.json", x_shopify_access_token=KEY)[1]
    assert answer.status == 403
    assert "read_customers" in said(answer)["errors"]


def test_graphql_tells_the_shop(ask) -> None:  # type: ignore[no-untyped-def]
    body = json.dumps({"query": "{ shop { name } orders(first: 3) { edges { node { id } } } }"}).encode()
    answer = ask("POST", "/admin/api/2025-01/graphql.json", body, x_shopify_access_token=KEY)[1]
    assert said(answer)["data"]["shop"]["name"].startswith("shop-")
    assert said(answer)["data"]["orders"] == {"edges": []}
    change = json.dumps({"query": "mutation { x { y } }"}).encode()
    answer = ask("POST", "/admin/api/2025-01/graphql.json", change, x_shopify_access_token=KEY)[1]
    assert said(answer)["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"


def test_without_a_token(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("GET", "/admin/api/2025-01/shop.json")[1].status == 401
