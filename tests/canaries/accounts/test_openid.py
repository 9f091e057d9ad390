"""ID tokens: taken with the right signature, issuer, audience, nonce and times, and no other."""

from __future__ import annotations

import hmac
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from canaries.accounts.challenges import Challenges
from canaries.accounts.openid import OpenidProvider
from canaries.core.errors import AccessError, TraplineError
from canaries.core.settings_openid import OpenidSettings
from tests.authenticator import text

ISSUER, CLIENT, NONCE = "https://id.example.net", "trapline", "n" * 20


def pem(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


SETTINGS = OpenidSettings(issuer=ISSUER, client_id=CLIENT, roles=("staff=analyst",))
KEY = ECKey.import_key(pem(derive_private_key(7, SECP256R1())))
KEYS = {"keys": [KEY.as_dict(private=False)]}
"""As a provider's ``jwks_uri`` gives them."""
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": CLIENT,
    "sub": "1",
    "nonce": NONCE,
    "iat": 1,
    "exp": 4_000_000_000,
}


def said(changed: dict[str, Any], key: Any = KEY, alg: str = "ES256") -> str:
    claims = {name: value for name, value in (CLAIMS | changed).items() if value is not None}
    return str(jwt.encode({"alg": alg}, claims, key, algorithms=[alg]))


def test_the_right_one_is_taken() -> None:
    provider = OpenidProvider(SETTINGS)
    assert provider._claims(said({}), KEYS, NONCE) == CLAIMS
    two = {"aud": [CLIENT, "other"], "azp": CLIENT}
    assert provider._claims(said(two), KEYS, NONCE)["azp"] == CLIENT


@pytest.mark.parametrize(
    "changed",
    [
        *({"iss": "https://evil.example"}, {"aud": "other"}, {"aud": [CLIENT, "other"]}, {"nonce": "x"}),
        *(
            {"exp": 1},
            {"exp": None},
            {"nonce": None},
            {"sub": None},
            {"iss": None},
            {"aud": None},
            {"exp": "x"},
        ),
        {"nbf": 3_900_000_000},
    ],
    ids=repr,
)
def test_a_wrong_claim_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(AccessError, match="was not taken"):
        OpenidProvider(SETTINGS)._claims(said(changed), KEYS, NONCE)


def test_a_wrong_signature_is_refused() -> None:
    header, _, rest = said({}).partition(".")
    payload, other = rest.partition(".")[0], said({"sub": "2"}).rpartition(".")[2]
    shared = text(b'{"alg": "HS256"}') + "." + payload  # the public key as a shared secret
    shared += "." + text(hmac.digest(KEY.as_pem(private=False), shared.encode(), "sha256"))
    unsigned = "eyJhbGciOiJub25lIn0." + payload + "."
    for wrong in (
        shared,
        unsigned,
        f"{header}.{payload}.{other}",
        "",
        "x",
        "a.b.c",
        f"{header}..",
    ):
        with pytest.raises(AccessError, match="was not taken"):
            OpenidProvider(SETTINGS)._claims(wrong, KEYS, NONCE)
    wrong_keys: tuple[Any, ...] = ({}, {"keys": []}, [], "x", {"keys": [{"kty": "RSA"}]})
    for keys in wrong_keys:
        with pytest.raises(AccessError, match="was not taken"):
            OpenidProvider(SETTINGS)._claims(said({}), keys, NONCE)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"issuer": "https://evil.example"}, "another issuer"),
        ([], "another issuer"),
        ({"issuer": ISSUER}, "no address over https"),
        (
            {
                "issuer": ISSUER,
                "authorization_endpoint": "https://a",
                "token_endpoint": "http://a",
                "jwks_uri": "https://a",
            },
            "no address over https",
        ),
    ],
)
def test_a_wrong_discovery_document(document: Any, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = OpenidProvider(SETTINGS)
    monkeypatch.setattr(provider, "_get", lambda _: document)
    with pytest.raises(TraplineError, match=words):
        provider.begin("https://trapline.example.net/back", Challenges())


def test_a_provider_that_is_away_is_said() -> None:
    away = OpenidSettings(issuer="http://127.0.0.1:9", client_id=CLIENT, roles=("staff=analyst",))
    with pytest.raises(TraplineError, match="cannot be reached"):
        OpenidProvider(away).begin("http://localhost/back", Challenges())
