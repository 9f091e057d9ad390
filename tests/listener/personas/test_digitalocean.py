"""doctl learns whose account it is, and that there is nothing in it."""

from __future__ import annotations

import json
from typing import Any

SHAPES = {
    "account": [("GET", "/v2/account", {"authorization": f"Bearer dop_v1_{d * 64}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEY = "dop_v1_" + "0123456789abcdef" * 4


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_whose_account_it_is(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/v2/account", authorization=f"Bearer {KEY}", host="api.hill.net")
    assert (name, answer.status) == ("digitalocean", 200)
    assert said(answer)["account"]["email"] == "cloud@api.hill.net"
    assert said(ask("GET", "/v2/account", authorization=f"Bearer {KEY}", host="127.0.0.1:80")[1])["account"][
        "email"
    ].endswith("@localhost")


def test_lists_are_empty_and_the_rest_is_forbidden(ask) -> None:  # type: ignore[no-untyped-def]
    assert said(ask("GET", "/v2/droplets", authorization=f"Bearer {KEY}")[1])["droplets"] == []
    assert ask("POST", "/v2/droplets", b"{}", authorization=f"Bearer {KEY}")[1].status == 403


def test_without_a_token(ask) -> None:  # type: ignore[no-untyped-def]
    assert said(ask("GET", "/v2/account")[1])["id"] == "Unauthorized"
