"""The service account's key file: real libraries take it and ask us for a token."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from canaries.core.errors import MintError
from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_file_has_googles_form(mint: Mint, base_url: str) -> None:
    bait = mint("gcp-service-account", {"account": "ci-deployer", "project": "core-4711"}, base_url=base_url)
    document = json.loads(bait.text)
    assert document["client_email"] == "ci-deployer@core-4711.iam.gserviceaccount.com"
    assert document["token_uri"] == bait.row["url"]
    assert len(document["private_key_id"]) == 40
    assert len(document["client_id"]) == 21
    assert bait.files[0].path == f"core-4711-{document['private_key_id'][:12]}.json"
    assert bait.files[0].content.decode() == bait.text


def test_the_address_never_accuses_alone(mint: Mint) -> None:
    weak = {token.facet: token.weak for token in mint("gcp-service-account").tokens}
    assert weak == {"private_key_id": False, "host": False, "email": True}


@pytest.mark.parametrize("bad", ["short", "x" * 31, "Upper-case", 'quo"te-me'])
def test_names_that_google_would_refuse_are_refused(mint: Mint, bad: str) -> None:
    with pytest.raises(MintError, match="6 to 30"):
        mint("gcp-service-account", {"account": bad})


def test_google_auth_sends_an_assertion_signed_by_the_key(mint: Mint, listening: Any) -> None:
    pytest.importorskip("google.auth")
    from google.auth.transport.requests import Request
    from google.oauth2.service_account import Credentials

    bait = mint("gcp-service-account", base_url=listening.url)
    listening.answer = b'{"access_token": "ya29.x", "expires_in": 3599, "token_type": "Bearer"}'
    document = json.loads(bait.text)
    credentials = Credentials.from_service_account_info(
        document, scopes=["https://www.googleapis.com/auth/cloud-platform"]
    )
    transport = Request()
    credentials.refresh(transport)
    transport.session.close()
    assert credentials.token == "ya29.x"
    ((method, path, _, body),) = listening.seen
    assert (method, path) == ("POST", f"/{bait.tokens[1].value}/token")
    head, claims, signature = parse_qs(body.decode())["assertion"][0].split(".")
    assert json.loads(base64.urlsafe_b64decode(head + "=="))["kid"] == bait.row["private_key_id"]
    assert json.loads(base64.urlsafe_b64decode(claims + "=="))["iss"] == bait.row["email"]
    key = load_pem_private_key(document["private_key"].encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    proof = base64.urlsafe_b64decode(signature + "==")
    key.public_key().verify(proof, f"{head}.{claims}".encode(), padding.PKCS1v15(), SHA256())
