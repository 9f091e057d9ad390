"""A Discord bot learns which one it is, and that it sees no server."""

from __future__ import annotations

import json
from typing import Any

SHAPES = {
    "me": [
        ("GET", "/api/v10/users/@me", {"authorization": f"Bot MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.{d * 38}"})
        for d in "ab"
    ],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEY = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde." + "aB3" * 12


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_which_bot_it_is(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/api/v10/users/@me", authorization=f"Bot {KEY}")
    assert (name, answer.status) == ("discord", 200)
    assert said(answer)["id"] == "123456789012345678"
    other = "@@@@".join(("", ""))
    assert ask("GET", "/api/v10/users/@me", authorization=f"Bot {other}")[1].status == 401
    odd = "_" * 24 + KEY[24:]
    assert said(ask("GET", "/api/v10/users/@me", authorization=f"Bot {odd}")[1])["id"].isdigit()


def test_no_servers_and_no_channels(ask) -> None:  # type: ignore[no-untyped-def]
    assert said(ask("GET", "/api/v10/users/@me/guilds", authorization=f"Bot {KEY}")[1]) == []
    answer = ask("POST", "/api/v10/channels/1/messages", b"{}", authorization=f"Bot {KEY}")[1]
    assert (answer.status, said(answer)["code"]) == (403, 50001)


def test_without_a_token(ask) -> None:  # type: ignore[no-untyped-def]
    assert said(ask("GET", "/api/v10/users/@me")[1])["message"] == "401: Unauthorized"
