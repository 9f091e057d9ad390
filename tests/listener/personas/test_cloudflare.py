"""Cloudflare's client verifies the token and is refused the rest."""

from __future__ import annotations

import json
from typing import Any

SHAPES = {
    "verify": [("GET", "/client/v4/user/tokens/verify", {"authorization": f"Bearer {d * 40}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEY = "aB3_" * 10


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_the_token_is_active(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/client/v4/user/tokens/verify", authorization=f"Bearer {KEY}")
    assert (name, answer.status) == ("cloudflare", 200)
    assert said(answer)["result"]["status"] == "active"
    assert said(answer)["success"] is True


def test_lists_are_empty_and_a_change_is_refused(ask) -> None:  # type: ignore[no-untyped-def]
    assert said(ask("GET", "/client/v4/zones", authorization=f"Bearer {KEY}")[1])["result"] == []
    answer = ask("POST", "/client/v4/zones", b"{}", authorization=f"Bearer {KEY}")[1]
    assert (answer.status, said(answer)["errors"][0]["code"]) == (403, 10000)


def test_without_a_token(ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask("GET", "/client/v4/zones")[1]
    assert (answer.status, said(answer)["errors"][0]["code"]) == (400, 6003)
