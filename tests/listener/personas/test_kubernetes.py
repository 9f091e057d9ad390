"""An API server that real clients talk to until they are forbidden what they came for."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from canaries.installation.home import Home
from canaries.mint import minting
from listener.incidents import queries
from tests import steady
from tests.programs import needs

SHAPES = {
    "secrets": [("GET", "/api/v1/secrets", {"authorization": f"Bearer {d * 40}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

CLAIMS = {"sub": "system:serviceaccount:ops:deployer"}
TOKEN = f"e30.{base64.urlsafe_b64encode(json.dumps(CLAIMS).encode()).decode().rstrip('=')}.c2ln"


def said(ask: Any, method: str, path: str, token: str = TOKEN) -> tuple[int, dict[str, Any]]:
    headers = {"authorization": f"Bearer {token}"} if token else {"user_agent": "kubectl/v1.31.0"}
    name, answer = ask(method, path, **headers)
    assert name == "kubernetes"
    return answer.status, json.loads(answer.body)


def test_discovery_lists_what_it_serves(ask: Any) -> None:
    assert said(ask, "GET", "/api") == (200, said(ask, "GET", "/api")[1])
    groups = said(ask, "GET", "/apis")[1]["groups"]
    for group in groups:
        status, listed = said(ask, "GET", f"/apis/{group['name']}/v1")
        assert (status, listed["groupVersion"]) == (200, f"{group['name']}/v1")
    assert "secrets" in {one["name"] for one in said(ask, "GET", "/api/v1")[1]["resources"]}


@pytest.mark.parametrize(
    ("method", "path", "what", "asked"),
    [
        ("GET", "/api/v1/secrets?limit=500", "secrets",
         'list resource "secrets" in API group "" at the cluster scope'),
        ("GET", "/api/v1/namespaces/a/secrets/db", 'secrets "db"',
         'get resource "secrets" in API group "" in the namespace "a"'),
        ("POST", "/apis/apps/v1/namespaces/a/deployments", "deployments.apps",
         'create resource "deployments" in API group "apps" in the namespace "a"'),
        ("GET", "/api/v1/namespaces/a/pods/web/log", 'pods "web"',
         'get resource "pods/log" in API group "" in the namespace "a"'),
        ("GET", "/api/v1/namespaces/ops", 'namespaces "ops"',
         'get resource "namespaces" in API group "" at the cluster scope'),
    ],
)  # fmt: skip
def test_everything_else_is_forbidden_in_the_servers_words(
    ask: Any, method: str, path: str, what: str, asked: str
) -> None:
    status, document = said(ask, method, path)
    assert (status, document["reason"]) == (403, "Forbidden")
    assert document["message"] == f'{what} is forbidden: User "{CLAIMS["sub"]}" cannot {asked}'


def test_paths_that_are_no_resource_are_forbidden_too(ask: Any) -> None:
    message = said(ask, "GET", "/openapi/v3")[1]["message"]
    assert message == f'forbidden: User "{CLAIMS["sub"]}" cannot get path "/openapi/v3"'


def test_a_token_that_names_nobody_is_the_default_account(ask: Any) -> None:
    for token in ("opaque", "a.b.c", "e30.eyJzdWIiOiA3fQ.x", "e30.eyJzdWIiOiAicm9vdDpcIiJ9.x"):
        assert (
            'User "system:serviceaccount:default:default"'
            in said(ask, "GET", "/api/v1/pods", token)[1]["message"]
        )


def test_who_shows_nothing_is_anonymous(ask: Any) -> None:
    assert said(ask, "GET", "/version", "")[0] == 200
    status, document = said(ask, "GET", "/api", "")
    assert status == 403
    assert "system:anonymous" in document["message"]


def test_what_may_i(ask: Any) -> None:
    status, review = said(ask, "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
    assert (status, review["status"]) == (201, {"allowed": False})
    rules = said(ask, "POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews")[1]["status"]
    assert rules["resourceRules"]


def test_other_apis_are_not_ours(ask: Any) -> None:
    for path in ("/api/v1/validate", "/api/v4/projects", "/apis.json"):
        assert ask("GET", path, authorization="Bearer x")[0] != "kubernetes"


def test_the_kubernetes_library(stand_in: str) -> None:
    client = pytest.importorskip("kubernetes.client")
    settings = client.Configuration(host=f"{stand_in}/q7f3k29xk2m5v8w1z4y6c")
    settings.api_key = {"authorization": f"Bearer {TOKEN}"}
    with client.ApiClient(settings) as api:
        assert client.VersionApi(api).get_code().major == "1"
        with pytest.raises(client.ApiException, match="cannot list resource"):
            client.CoreV1Api(api).list_namespaced_secret("ops")


@needs("kubectl")
@pytest.mark.parametrize(("auth", "facet"), [("token", "token"), ("certificate", "user")])
def test_kubectl_with_the_minted_file_and_nothing_else(
    home: Home, listen: Callable[..., Any], tmp_path: Path, auth: str, facet: str
) -> None:
    running = listen(home, TRAPLINE_TRAPS_HTTP_CLIENT_CERTIFICATES=str(auth == "certificate").lower())
    (home.path / "trapline.toml").write_text(f'[bait]\nbase_url = "http://127.0.0.1:{running.http[1]}"\n')
    home = Home.open(home.path)
    (minted,) = minting.mint(home, "kubeconfig", options={"auth": auth})
    config = tmp_path / "config"
    config.write_bytes(minted.bait.files[0].content)
    environment = {**os.environ, "KUBECONFIG": str(config), "HOME": str(tmp_path)}

    def kubectl(*arguments: str) -> str:
        done = subprocess.run(
            ["kubectl", *arguments],
            capture_output=True,
            text=True,
            timeout=steady.PATIENCE,
            check=False,
            env=environment,
        )
        return done.stdout + done.stderr

    asked = kubectl("get", "secrets", "-A")
    assert "Server Version: v1." in kubectl("version")
    assert 'cannot list resource "secrets" in API group ""' in asked
    assert f'User "{minted.bait.row["user"]}"' in asked or auth == "token"
    assert kubectl("auth", "can-i", "create", "pods").splitlines()[-1] == "no"
    running.stop()
    hits = [hit.as_dict() for hit in queries.hits(home, canary=minted.canary.id)]
    assert {(hit["facet"], hit["source"]["ip"]) for hit in hits} == {(facet, "127.0.0.1")}
    assert any("/api/v1/secrets" in hit["request"] for hit in hits)
    home.store.close()
