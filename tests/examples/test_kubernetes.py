"""Secrets with bait: the client library reads them as Kubernetes would, and the operator's request is one of the API.

External Secrets itself needs a cluster: its manifests are held by what the operator documents, and its request is sent.
"""

from __future__ import annotations

import base64
import runpy
from typing import Any

import pytest
import requests
import yaml
from kubernetes.client import ApiClient, V1Secret

from canaries.installation.home import Home
from canaries.mint import catalogue
from tests import steady
from tests.accounts import token
from tests.house import ROOT

FOLDER = ROOT / "examples/kubernetes"


def read(manifest: dict[str, Any]) -> Any:
    """By the model of Kubernetes' own client."""
    deserialize = vars(ApiClient)["_ApiClient__deserialize"]  # the public one differs between releases
    return deserialize(ApiClient(), manifest, V1Secret)


def test_a_secret_holds_the_bait_and_names_no_product(
    home: Home, served: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRAPLINE_SERVER", served)
    monkeypatch.setenv("TRAPLINE_TOKEN", token(home, "cluster", "planter", "canaries:mint"))
    run = runpy.run_path(str(FOLDER / "bait_secret.py"))["main"]
    held = {}
    for name, kind in (
        ("legacy-db", "postgres-url"),
        ("legacy-db", "postgres-url"),
        ("legacy-s3", "aws-key"),
    ):
        assert run("payments", name, kind) == 0
        text = capsys.readouterr().out
        assert "trapline" not in text.lower()
        manifest = yaml.safe_load(text)
        made = read(manifest)
        assert ApiClient().sanitize_for_serialization(made) == manifest, (
            "nothing that Kubernetes does not know"
        )
        assert (made.metadata.namespace, made.metadata.name, made.type) == ("payments", name, "Opaque")
        held[name] = {key: base64.b64decode(value).decode() for key, value in made.data.items()}
    assert held["legacy-db"]["DATABASE_URL"].startswith("postgresql://")
    assert "aws_secret_access_key" in held["legacy-s3"]["credentials"]
    assert [one.kind for one in catalogue.listing(home)] == ["postgres-url", "aws-key"]
    assert run("payments", "x", "no-such-kind") == 2


def test_the_operator_fetches_the_bait_of_a_canary(home: Home, served: str) -> None:
    store, wanted = yaml.safe_load_all((FOLDER / "external-secret.yaml").read_text("utf-8"))
    webhook = store["spec"]["provider"]["webhook"]
    assert wanted["spec"]["secretStoreRef"] == {"kind": store["kind"], "name": store["metadata"]["name"]}
    secret = token(home, "cluster", "planter", "canaries:mint", "canaries:reveal")
    minted = requests.post(
        f"{served}/api/v1/canaries",
        json={"kind": "postgres-url"},
        headers={"Authorization": f"Bearer {secret}"},
        timeout=steady.PATIENCE,
    ).json()

    def filled(text: str) -> str:
        """The operator's templates."""
        return text.replace("{{ .remoteRef.key }}", minted["id"]).replace("{{ .auth.token }}", secret)

    answer = requests.request(
        webhook["method"],
        filled(webhook["url"]).replace("https://trapline.example.net", served),
        headers={name: filled(value) for name, value in webhook["headers"].items()},
        data=webhook["body"],
        timeout=steady.PATIENCE,
    )
    assert answer.status_code == 200
    assert webhook["result"]["jsonPath"] == "$.text"
    assert answer.json()["text"] == minted["text"]
