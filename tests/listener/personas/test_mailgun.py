"""A Mailgun key finds no domain, and may send nothing."""

from __future__ import annotations

import json
from typing import Any

from tests import hooks

SHAPES = {
    "domains": [("GET", "/v3/domains", {"authorization": hooks.basic(f"api:key-{d * 32}")}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""
SAME_EVERYWHERE = True
"""The service itself answers everybody alike."""

KEY = hooks.basic("api:key-" + "0123456789abcdef" * 2)


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_there_are_no_domains(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/v3/domains", authorization=KEY)
    assert (name, answer.status, said(answer)["items"]) == ("mailgun", 200, [])


def test_a_message_may_not_be_sent(ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask("POST", "/v3/mg.hill.net/messages", b"to=a", authorization=KEY)[1]
    assert answer.status == 403
    assert "mg.hill.net is not allowed to send" in said(answer)["message"]
    assert ask("GET", "/v3/domains/mg.hill.net", authorization=KEY)[1].status == 404


def test_without_a_key(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("GET", "/v3/domains")[1].status == 401
    assert ask("GET", "/v3/domains", authorization=hooks.basic("bob:key-" + "0" * 32))[1].status == 401
