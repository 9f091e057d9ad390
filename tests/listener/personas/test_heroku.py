"""Heroku's API says whose key it is; it may see no app."""

from __future__ import annotations

import json
from typing import Any

SHAPES = {
    "account": [("GET", "/account", {"authorization": f"Bearer HRKU-AA{d * 58}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEY = "HRKU-AA" + "aB" * 29


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_whose_account_it_is(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/account", authorization=f"Bearer {KEY}")
    assert (name, answer.status, said(answer)["verified"]) == ("heroku", 200, True)


def test_no_apps_and_nothing_may_be_made(ask) -> None:  # type: ignore[no-untyped-def]
    assert said(ask("GET", "/apps", authorization=f"Bearer {KEY}")[1]) == []
    assert said(ask("POST", "/apps", b"{}", authorization=f"Bearer {KEY}")[1])["id"] == "forbidden"


def test_without_a_key(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/account", accept="application/vnd.heroku+json; version=3")
    assert (name, answer.status) == ("heroku", 401)
