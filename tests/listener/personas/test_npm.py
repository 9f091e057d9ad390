"""npm learns who is logged in, finds no package, and may publish none."""

from __future__ import annotations

import json
from typing import Any

SHAPES = {
    "whoami": [("GET", "/-/whoami", {"authorization": f"Bearer npm_{d * 36}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEY = "npm_" + "aB3d" * 9


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_who_am_i(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/-/whoami", authorization=f"Bearer {KEY}")
    assert (name, answer.status) == ("npm", 200)
    assert said(answer)["username"]
    assert said(ask("GET", "/-/ping", authorization=f"Bearer {KEY}")[1]) == {}


def test_packages_are_not_there_and_none_is_published(ask) -> None:  # type: ignore[no-untyped-def]
    for path in ("/left-pad", "/@acme%2fcore", "/@acme/core"):
        name, answer = ask("GET", path, authorization=f"Bearer {KEY}")
        assert (name, answer.status, said(answer)) == ("npm", 404, {"error": "Not found"})
    answer = ask("PUT", "/@acme%2fcore", b"{}", authorization=f"Bearer {KEY}")[1]
    assert answer.status == 403
    assert 'publish "@acme/core"' in said(answer)["error"]


def test_without_a_token(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("GET", "/-/whoami")[1].status == 401
    assert ask("GET", "/-/ping")[1].status == 200
    assert ask("GET", "/npm", user_agent="npm/10.8.2 node/v20")[1].status == 404
    assert ask("GET", "/npm", user_agent="curl/8")[0] == "page"
