"""The Databricks client learns which principal it is, and sees nothing."""

from __future__ import annotations

import json
from typing import Any

SHAPES = {
    "me": [("GET", "/api/2.0/preview/scim/v2/Me", {"authorization": f"Bearer dapi{d * 32}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEY = "dapi" + "0123456789abcdef" * 2


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_who_am_i(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/api/2.0/preview/scim/v2/Me", authorization=f"Bearer {KEY}")
    assert (name, answer.status) == ("databricks", 200)
    assert said(answer)["userName"] == said(answer)["applicationId"]


def test_lists_are_empty_and_the_rest_is_denied(ask) -> None:  # type: ignore[no-untyped-def]
    assert said(ask("GET", "/api/2.1/clusters/list", authorization=f"Bearer {KEY}")[1]) == {}
    answer = ask("POST", "/api/2.1/jobs/create", b"{}", authorization=f"Bearer {KEY}")[1]
    assert (answer.status, said(answer)["error_code"]) == (403, "PERMISSION_DENIED")


def test_without_a_token(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("GET", "/api/2.0/clusters/list")[1].status == 401
