"""Square's client finds a location; everything else needs a scope."""

from __future__ import annotations

import json
from typing import Any

SHAPES = {
    "locations": [("GET", "/v2/locations", {"authorization": f"Bearer EAAA{d * 60}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEY = "EAAA" + "aB3" * 20


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_where_the_merchant_is(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/v2/locations", authorization=f"Bearer {KEY}")
    assert (name, answer.status) == ("square", 200)
    merchant = said(ask("GET", "/v2/merchants/me", authorization=f"Bearer {KEY}")[1])["merchant"]
    assert said(answer)["locations"][0]["merchant_id"] == merchant["id"]


def test_the_rest_needs_a_scope(ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask("GET", "/v2/customers", authorization=f"Bearer {KEY}")[1]
    assert (answer.status, said(answer)["errors"][0]["code"]) == (403, "INSUFFICIENT_SCOPES")


def test_without_a_token(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("GET", "/v2/locations")[1].status == 401
