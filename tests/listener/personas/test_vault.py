"""HashiCorp's library learns that its token is good, and that it may read nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

SHAPES = {
    "self": [("GET", "/v1/auth/token/lookup-self", {"x_vault_token": f"hvs.{d * 90}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

TOKEN = "hvs." + "a" * 91


@pytest.fixture(params=["", "/q7f3k29xk2m5v8w1z4y6c"])
def client(stand_in: str, request: pytest.FixtureRequest) -> Iterator[Any]:
    hvac = pytest.importorskip("hvac")
    made = hvac.Client(url=f"{stand_in}{request.param}", token=TOKEN)
    yield made
    made.adapter.close()


def test_the_token_is_looked_up(client: Any) -> None:
    data = client.auth.token.lookup_self()["data"]
    assert data["id"] == TOKEN
    assert "default" in data["policies"]
    assert client.is_authenticated()


def test_secrets_are_denied(client: Any) -> None:
    from hvac.exceptions import Forbidden

    with pytest.raises(Forbidden, match="permission denied"):
        client.secrets.kv.v2.read_secret_version(path="prod/db", raise_on_deleted_version=True)


def test_its_health_needs_no_token(ask: Any) -> None:
    name, answer = ask("GET", "/v1/sys/health")
    health = json.loads(answer.body)
    assert (name, answer.status, health["sealed"]) == ("vault", 200, False)
    assert ask("GET", "/v1/sys/mounts")[1].status == 403
    assert ask("GET", "/v1/models", authorization="Bearer sk-proj-aaaaaaaaaaaaaaaaaaaaaaaa")[0] == "openai"
