"""SendGrid says what the key may do, and that the sender is not verified."""

from __future__ import annotations

import json
from typing import Any

SHAPES = {
    "scopes": [("GET", "/v3/scopes", {"authorization": f"Bearer SG.{d * 22}.{d * 43}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""
SAME_EVERYWHERE = True
"""The service itself answers everybody alike."""

KEY = "SG." + "aB" * 11 + "." + "aB3" * 14 + "x"


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_what_the_key_may_do(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/v3/scopes", authorization=f"Bearer {KEY}")
    assert (name, answer.status) == ("sendgrid", 200)
    assert said(answer)["scopes"][0] == "mail.send"


def test_nothing_is_sent_and_nothing_else_is_shown(ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask("POST", "/v3/mail/send", b"{}", authorization=f"Bearer {KEY}")[1]
    assert (answer.status, said(answer)["errors"][0]["field"]) == (403, "from")
    assert (
        said(ask("GET", "/v3/templates", authorization=f"Bearer {KEY}")[1])["errors"][0]["message"]
        == "access forbidden"
    )


def test_without_a_key(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("GET", "/v3/scopes")[1].status == 401
