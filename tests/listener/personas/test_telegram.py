"""A Telegram bot learns which one it is; another process has its updates."""

from __future__ import annotations

import json
from typing import Any

SHAPES: dict[str, list[tuple[str, str, dict[str, str]]]] = {
    "getMe": [("GET", f"/bot123456789:AA{d * 33}/getMe", {}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEY = "/bot123456789:AA" + "aB3" * 11


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_which_bot_it_is(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", f"{KEY}/getMe")
    assert (name, answer.status) == ("telegram", 200)
    assert said(answer)["result"]["id"] == 123456789
    assert said(ask("POST", f"{KEY}/getme")[1]) == said(answer)


def test_no_updates_no_chats(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("POST", f"{KEY}/getUpdates")[1].status == 409
    assert said(ask("POST", f"{KEY}/sendMessage")[1])["description"] == "Bad Request: chat not found"
    assert said(ask("POST", f"{KEY}/deleteWebhook")[1])["result"] is True
    assert said(ask("POST", f"{KEY}/getMyCommands")[1])["result"] == []
    assert said(ask("POST", f"{KEY}/getWebhookInfo")[1])["result"]["url"] == ""
    assert ask("POST", f"{KEY}/nonsense")[1].status == 404
