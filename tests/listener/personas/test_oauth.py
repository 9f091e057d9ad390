"""Clients find the token's address, and get a token."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from canaries.crypto.rsa_keys import private_key
from canaries.installation.home import Home
from canaries.mint import minting
from listener.incidents import queries
from tests import steady

SHAPES = {
    "discovery": [("GET", f"/{d}/.well-known/openid-configuration", {"host": "h"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""
SAME_EVERYWHERE = True
"""The service itself answers everybody alike."""

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@pytest.mark.parametrize("label", ["", "/q7f3k29xk2m5v8w1z4y6c"])
@pytest.mark.parametrize("tenant", ["", "/adfs", "/realms/main"])
def test_discovery_leads_to_a_token(stand_in: str, label: str, tenant: str) -> None:
    issuer = f"{stand_in}{label}{tenant}"
    found = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=steady.PATIENCE).json()
    assert found["issuer"] == issuer
    form = {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}
    given = requests.post(found["token_endpoint"], data=form, timeout=steady.PATIENCE)
    assert given.json()["token_type"] == "Bearer"
    assert given.headers["Cache-Control"] == "no-store"
    (key,) = requests.get(found["jwks_uri"], timeout=steady.PATIENCE).json()["keys"]
    assert (key["kty"], len(key["n"])) == ("RSA", 342)


def test_a_token_is_drawn_anew_and_says_nothing(ask) -> None:  # type: ignore[no-untyped-def]
    def token(client: str) -> str:
        body = urlencode({"grant_type": "client_credentials", "client_id": client}).encode()
        return str(json.loads(ask("POST", "/adfs/oauth2/token", body)[1].body)["access_token"])

    assert token("a") != token("b")


def test_without_a_grant_there_is_none(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("POST", "/oauth/token", b"{}")
    assert (name, answer.status, json.loads(answer.body)["error"]) == ("oauth", 400, "invalid_request")
    assert ask("GET", "/oauth/token")[0] == "page"


def test_googles_library_goes_on(stand_in: str) -> None:
    pytest.importorskip("google.auth")
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from google.auth.transport.requests import Request
    from google.oauth2.service_account import Credentials

    pem = private_key(b"g" * 32).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    account: dict[str, Any] = {
        "type": "service_account",
        "private_key": pem,
        "private_key_id": "0" * 40,
        "client_email": "a@b.iam.gserviceaccount.com",
        "token_uri": f"{stand_in}/token",
    }
    credentials = Credentials.from_service_account_info(account, scopes=["x"])
    transport = Request()
    credentials.refresh(transport)
    transport.session.close()
    assert credentials.valid
    assert credentials.token.startswith("ya29.c.")


def test_azure_identity_with_the_minted_variables(home: Home, listen: Callable[..., Any]) -> None:
    """The one client that wants https and takes no CA from the environment: the test gives it one."""
    pytest.importorskip("azure.identity")
    running = listen(home)
    (home.path / "trapline.toml").write_text(f'[bait]\nbase_url = "http://127.0.0.1:{running.http[1]}"\n')
    home = Home.open(home.path)
    (minted,) = minting.mint(home, "azure-client-secret")
    code = (
        "from azure.identity import EnvironmentCredential\n"
        "with EnvironmentCredential() as credential:\n"
        "    print(bool(credential.get_token('https://vault.azure.net/.default').token))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        timeout=steady.PATIENCE,
        check=False,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("AZURE_")},
            **dict(line.split("=", 1) for line in minted.bait.text.splitlines()),
            "REQUESTS_CA_BUNDLE": str(home.path / "keys" / "ca.pem"),
        },
    )
    assert done.stdout == "True\n", done.stderr
    running.stop()
    hits = [hit.as_dict() for hit in queries.hits(home, canary=minted.canary.id)]
    assert any(set(hit["facets"]) == {"secret", "client_id"} for hit in hits)
    home.store.close()
