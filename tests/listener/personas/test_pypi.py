"""pip and twine are asked for the login; there is no such project, and nobody may upload."""

from __future__ import annotations

import json
from typing import Any

from tests import hooks

SHAPES = {
    "index": [("GET", "/simple/", {"authorization": hooks.basic(f"ci:{d}")}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""
SAME_EVERYWHERE = True
"""The service itself answers everybody alike."""

KEY = hooks.basic("ci:password")


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_the_login_is_asked_for(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/simple/requests/")
    assert (name, answer.status) == ("pypi", 401)
    assert dict(answer.headers)["WWW-Authenticate"].startswith("Basic ")


def test_there_is_no_such_project(ask) -> None:  # type: ignore[no-untyped-def]
    assert said(ask("GET", "/simple/", authorization=KEY)[1])["projects"] == []
    answer = ask("GET", "/simple/requests/", authorization=KEY)[1]
    assert answer.status == 404
    assert b"<" not in answer.body


def test_nobody_may_upload(ask) -> None:  # type: ignore[no-untyped-def]
    body = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nacme-core\r\n--x--\r\n'
    answer = ask("POST", "/legacy/", body, authorization=KEY)[1]
    assert answer.status == 403
    assert b"project 'acme-core'" in answer.body
    told = ask("POST", "/legacy/", body, authorization=KEY, accept="application/json")[1]
    assert said(told)["code"] == "403 Forbidden"
