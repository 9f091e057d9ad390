"""The HTTP trap behind a real nginx that clients speak HTTP/2 with: in HTTP/1.1, and in HTTP/2 as gRPC is passed on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from listener.incidents import queries
from tests import real_servers, steady


@pytest.fixture(scope="module")
def theft(steal: Callable[..., Any]) -> Any:
    return steal("http", "openai-key", toml='[traps.http]\nforwarded_from = ["127.0.0.1"]\n')


@pytest.fixture(scope="module")
def port(theft: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with real_servers.nginx_before(tmp_path_factory.mktemp("nginx") / "one", theft.port) as port:
        yield port


def curl(theft: Any, port: int, path: str, *more: str, stdin: str = "") -> tuple[str, str]:
    """What a client of HTTP/2 that shows the bait gets of its host: the body, then status and version."""
    host = theft.row["host"]
    known = ("--http2-prior-knowledge", "--resolve", f"{host}:{port}:127.0.0.1", "--max-time", "30")
    shown = ("-H", f"Authorization: Bearer {theft.row['secret']}", "-H", "X-Forwarded-For: 203.0.113.9")
    written = ("-s", "-w", "\n%{http_code} %{http_version}")
    said = theft.run("curl", *known, *shown, *written, f"http://{host}:{port}{path}", *more, stdin=stdin)
    body, _, status = str(said).rpartition("\n")
    return body, status


def hit_at(theft: Any, target: str) -> queries.Hit:
    found = steady.until(
        lambda: next(
            (one for one in queries.hits(theft.home) if one.entry.body["observed"].get("target") == target),
            None,
        ),
        f"no hit of {target}",
    )
    assert found is not None
    return found


def test_a_persona_answers_in_its_own_form(theft: Any, port: int) -> None:
    body, status = curl(theft, port, "/v1/models")
    assert status == "200 2"
    assert json.loads(body)["object"] == "list"
    hit = hit_at(theft, "/v1/models")
    assert hit.facet == "secret"
    assert hit.entry.body["source"]["ip"] == "203.0.113.9", "before a proxy of this host"


def test_a_stream_comes_through(theft: Any, port: int) -> None:
    asked = json.dumps(
        {"model": "gpt-4o", "stream": True, "messages": [{"role": "user", "content": "hello"}]}
    )
    body, status = curl(
        theft, port, "/v1/chat/completions", "-H", "Content-Type: application/json", "-d", asked
    )
    assert status == "200 2"
    assert body.rstrip().endswith("data: [DONE]")


def test_what_is_passed_on_in_http_2_is_answered_in_it(theft: Any, port: int) -> None:
    path = "/grpc.health.v1.Health/Check"
    _, status = curl(
        theft,
        port,
        path,
        "-H",
        "Content-Type: application/grpc",
        "-H",
        "TE: trailers",
        "--data-binary",
        "@-",
        stdin="\0\0\0\0\0",
    )
    assert status in ("404 2", "405 2", "200 2", "401 2"), "an answer of the trap's, not a gateway's error"
    assert hit_at(theft, path).facet == "secret"
