"""OpenStack's own library signs in with a minted clouds.yaml."""

from __future__ import annotations

import json
from typing import Any

import pytest

SHAPES = {
    "tokens": [("POST", "/v3/auth/tokens", {"x_auth_token": d * 20}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""


@pytest.mark.parametrize("base", ["/v3", "/identity/v3", "/q7f3k29xk2m5v8w1z4y6c/v3"])
def test_keystoneauth_gets_a_token(stand_in: str, base: str) -> None:
    pytest.importorskip("keystoneauth1")
    from keystoneauth1.identity.v3 import Password
    from keystoneauth1.session import Session

    auth = Password(
        auth_url=stand_in + base,
        username="deploy",
        password="secret",
        project_name="infra",
        user_domain_name="Default",
        project_domain_name="Default",
    )
    session = Session(auth=auth)
    assert str(session.get_token()).startswith("gAAAAAB")
    assert str(session.get_endpoint(service_type="identity", interface="public")).startswith(stand_in + base)
    session.session.close()


def test_nothing_else_is_allowed(ask: Any) -> None:
    name, answer = ask("GET", "/v3/projects", x_auth_token="gAAAAAB")
    assert (name, answer.status) == ("keystone", 403)
    assert json.loads(answer.body)["error"]["title"] == "Forbidden"
    assert ask("GET", "/v3/projects")[0] == "page"
