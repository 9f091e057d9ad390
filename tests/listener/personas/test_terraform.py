"""What terraform asks is answered so that it goes on."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests import hooks

SHAPES = {
    "state": [("GET", "/terraform/state/core", {"authorization": hooks.basic(f"a:{d}")}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

LOGIN = f"Basic {base64.b64encode(b'tf:secret').decode()}"


def test_services_are_discovered_and_have_no_such_module(ask: Any) -> None:
    _, answer = ask("GET", "/.well-known/terraform.json", authorization="Bearer x")
    modules = json.loads(answer.body)["modules.v1"]
    name, missing = ask("GET", f"{modules}infra/vpc/aws/versions", authorization="Bearer x")
    assert (name, missing.status) == ("terraform", 404)


@pytest.mark.parametrize(
    "path", ["/terraform/state/core", "/api/v4/projects/7/terraform/state/prod", "/s/prod.tfstate"]
)
def test_a_state_is_empty_and_stays_the_same(ask: Any, path: str) -> None:
    assert ask("GET", path)[1].status == 401
    first, second = (json.loads(ask("GET", path, authorization=LOGIN)[1].body) for _ in range(2))
    assert first == second
    assert (first["version"], first["resources"]) == (4, [])
    for method in ("POST", "DELETE", "LOCK"):
        assert ask(method, path, b"{}", authorization=LOGIN)[1].status == 200


def test_other_files_are_not_ours(ask: Any) -> None:
    assert ask("GET", "/notes-on-tfstate.html")[0] == "page"
