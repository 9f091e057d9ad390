"""The kubeconfig: read by the Kubernetes library, which calls us with the token."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from canaries.core.errors import MintError
from canaries.core.model import Bait
from canaries.installation.home import Home

Mint = Callable[..., Bait]


def loaded(bait: Bait) -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    found: dict[str, Any] = yaml.safe_load(bait.files[0].content)
    return found


def test_the_file_brings_server_token_and_authority(mint: Mint, base_url: str) -> None:
    bait = mint("kubeconfig", {"cluster": "prod-eu", "namespace": "ops"}, base_url=base_url)
    config = loaded(bait)
    cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
    assert cluster["server"] == bait.row["url"]
    assert cluster["server"].startswith("https://"), "over http kubectl keeps its token back"
    assert base64.b64decode(cluster["certificate-authority-data"]) == b"-----BEGIN CERTIFICATE-----\n"
    assert user["token"] == bait.tokens[0].value
    assert config["current-context"] == config["contexts"][0]["name"]
    assert config["contexts"][0]["context"]["namespace"] == "ops"


def test_without_an_authority_nothing_is_verified(mint: Mint) -> None:
    cluster = loaded(mint("kubeconfig", ca_pem=""))["clusters"][0]["cluster"]
    assert cluster["insecure-skip-tls-verify"] is True
    assert "certificate-authority-data" not in cluster


def test_the_token_is_a_service_accounts(mint: Mint) -> None:
    bait = mint("kubeconfig", {"namespace": "ops"})
    head, claims, signature = (base64.urlsafe_b64decode(part + "==") for part in bait.row["token"].split("."))
    assert json.loads(head)["alg"] == "RS256"
    assert json.loads(claims)["sub"] == f"system:serviceaccount:ops:{bait.row['user']}"
    assert len(signature) == 256


def test_a_certificate_names_its_user(mint: Mint, home: Home) -> None:
    changes = {"ca_pem": home.ca_pem, "ca_key": home.ca_key}
    bait = mint("kubeconfig", {"auth": "certificate"}, **changes)
    assert mint("kubeconfig", {"auth": "certificate"}, **changes) == bait
    user = loaded(bait)["users"][0]["user"]
    pem = base64.b64decode(user["client-certificate-data"])
    certificate = x509.load_pem_x509_certificate(pem)
    certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(home.ca_pem.encode()))
    assert certificate.subject.rfc4514_string() == f"CN={bait.tokens[0].value},O=system:masters"
    key = load_pem_private_key(base64.b64decode(user["client-key-data"]), None)
    assert key.public_key() == certificate.public_key()
    assert "token" not in user


def test_no_certificate_without_the_authoritys_key(mint: Mint) -> None:
    with pytest.raises(MintError, match="CA"):
        mint("kubeconfig", {"auth": "certificate"})


@pytest.mark.parametrize("bad", ["two words", "a: b", "UP", "x" * 64])
def test_names_that_would_break_the_file_are_refused(mint: Mint, bad: str) -> None:
    with pytest.raises(MintError, match="letters"):
        mint("kubeconfig", {"cluster": bad})


def test_the_kubernetes_library_sends_the_token(mint: Mint, listening: Any) -> None:
    client = pytest.importorskip("kubernetes.client")
    from kubernetes import config as kubernetes_config

    bait = mint("kubeconfig", base_url=listening.url, ca_pem="")
    document = loaded(bait)
    document["clusters"][0]["cluster"]["server"] = bait.row["url"].replace("https:", "http:")
    listening.answer = b'{"kind": "SecretList", "apiVersion": "v1", "metadata": {}, "items": []}'
    with kubernetes_config.new_client_from_config_dict(document) as api:
        assert client.CoreV1Api(api).list_secret_for_all_namespaces().items == []
    ((_, path, headers, _),) = listening.seen
    assert path == f"/{bait.tokens[1].value}/api/v1/secrets"
    assert headers["authorization"] == f"Bearer {bait.tokens[0].value}"
