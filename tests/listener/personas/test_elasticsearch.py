"""The real client sees the cluster's name, and is refused everything else."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch  # many modules: loaded where it is used, not in every worker

SHAPES = {
    "root": [
        ("GET", "/", {"user_agent": "elasticsearch-py/8", "authorization": f"ApiKey {d * 40}"}) for d in "ab"
    ],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

BASIC = "Basic " + base64.b64encode(b"filebeat:hunter2").decode()


@pytest.fixture(params=["", "/q7f3k29xk2m5v8w1z4y6c"])
def client(stand_in: str, request: pytest.FixtureRequest) -> Iterator[Elasticsearch]:
    from elasticsearch import Elasticsearch

    url = stand_in.replace("://", "://filebeat:hunter2@") + request.param
    with Elasticsearch(url, max_retries=0) as made:
        yield made


def test_the_client_goes_on_because_it_is_the_product(client: Elasticsearch) -> None:
    info = client.info()
    assert info["tagline"] == "You Know, for Search"
    assert info["version"]["number"].startswith("9.")
    assert client.ping()
    assert client.info() == info


def test_searches_are_refused_in_the_products_words(client: Elasticsearch) -> None:
    from elasticsearch import AuthorizationException

    with pytest.raises(AuthorizationException) as caught:
        client.search(index="members", query={"match_all": {}})
    body: Any = caught.value.body
    assert body["error"]["type"] == "security_exception"
    assert "action [indices:data/read/search] is unauthorized for user [filebeat]" in body["error"]["reason"]
    with pytest.raises(AuthorizationException, match="cluster:monitor"):
        client.cat.indices()


def test_without_credentials_they_are_asked_for(ask) -> None:  # type: ignore[no-untyped-def]
    name, answer = ask("GET", "/_cat/indices")
    assert (name, answer.status) == ("elasticsearch", 401)
    assert ("WWW-Authenticate", "ApiKey") in answer.headers


def test_an_api_key_is_a_credential_too(ask) -> None:  # type: ignore[no-untyped-def]
    _, answer = ask("GET", "/_cluster/health", authorization="ApiKey aWQ6a2V5")
    assert answer.status == 403
    assert "for user [_api_key]" in json.loads(answer.body)["error"]["reason"]


def test_a_browser_at_the_root_is_not_ours(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("GET", "/", authorization=BASIC)[0] != "elasticsearch"
