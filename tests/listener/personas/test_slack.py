"""Slack says whose token it is, misses a scope for the rest, and takes what is posted to a webhook."""

from __future__ import annotations

import json
from typing import Any

SHAPES = {
    "auth.test": [("POST", "/api/auth.test", {"authorization": f"Bearer xoxb-1-2-{d * 24}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEY = "xoxb-12345678901-123456789012-" + "aB3" * 8


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_whose_token_it_is(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("POST", "/api/auth.test", authorization=f"Bearer {KEY}")
    assert (name, answer.status, said(answer)["ok"]) == ("slack", 200, True)
    assert said(answer)["team_id"].startswith("T0")
    assert said(ask("POST", "/api/auth.test", f"token={KEY}".encode())[1]) == said(answer)


def test_the_rest_misses_a_scope(ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask("POST", "/api/conversations.list", authorization=f"Bearer {KEY}")[1]
    assert (answer.status, said(answer)["error"]) == (200, "missing_scope")
    posted = ask("POST", "/api/chat.postMessage", b"{}", authorization=f"Bearer {KEY}")[1]
    assert said(posted)["error"] == "channel_not_found"


def test_without_a_token_and_with_a_wrong_one(ask) -> None:  # type: ignore[no-untyped-def]
    assert said(ask("POST", "/api/auth.test")[1]) == {"ok": False, "error": "not_authed"}
    assert said(ask("POST", "/api/auth.test", authorization="Bearer guess")[1])["error"] == "invalid_auth"
    assert said(ask("GET", "/api/api.test")[1]) == {"ok": True}
    assert ask("GET", "/api/other.thing", authorization="Bearer guess")[0] == "page"


def test_a_webhook_takes_what_is_posted(ask) -> None:  # type: ignore[no-untyped-def]
    hook = f"/services/T{'A' * 10}/B{'B' * 10}/{'c' * 24}"
    assert ask("POST", hook, b'{"text":"x"}')[1].body == b"ok"
    assert ask("POST", hook, b"payload=%7B%22text%22%3A%22x%22%7D")[1].body == b"ok"
    assert ask("POST", hook, b"{}")[1].body == b"no_text"
    assert ask("POST", hook, b"[")[1].body == b"invalid_payload"
