"""A registry asks, lets in, and has nothing."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

SHAPES: dict[str, Any] = {
    "manifest": [("GET", f"/v2/{d}/manifests/latest", {}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

LOGIN = f"Basic {base64.b64encode(b'ci:secret').decode()}"


@pytest.mark.parametrize("path", ["/v2/", "/v2", "/v2/_catalog", "/v2/team/app/manifests/latest"])
def test_who_shows_nothing_is_asked(ask, path: str) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", path)
    headers = dict(answer.headers)
    assert (name, answer.status) == ("registry", 401)
    assert headers["WWW-Authenticate"].startswith('Basic realm="')
    assert headers["Docker-Distribution-Api-Version"] == "registry/2.0"
    assert json.loads(answer.body)["errors"][0]["code"] == "UNAUTHORIZED"


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/v2/", 200, "{}"),
        ("GET", "/v2/_catalog?n=100", 200, "repositories"),
        ("GET", "/v2/team/app/tags/list", 404, "NAME_UNKNOWN"),
        ("HEAD", "/v2/team/app/manifests/latest", 404, "NAME_UNKNOWN"),
        ("POST", "/v2/team/app/blobs/uploads/", 403, "DENIED"),
    ],
)
def test_who_shows_anything_is_let_in(ask, method: str, path: str, status: int, said: str) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask(method, path, authorization=LOGIN)
    assert (name, answer.status) == ("registry", status)
    assert said in answer.body.decode()


def test_other_apis_of_the_same_version_are_not_ours(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("GET", "/v2/users/me")[0] != "registry"
    assert ask("GET", "/v2ray")[0] == "page"
