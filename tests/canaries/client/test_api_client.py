"""The client against servers that are not what they should be: the token stays, and every answer is a sentence."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from canaries.client.api_client import ApiClient, RefusedByServerError
from canaries.core.errors import TraplineError

Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture
def serve() -> Iterator[Callable[..., tuple[str, list[tuple[str, dict[str, str]]]]]]:
    """Starts a server that gives these answers in turn, the last one again and again; and what it was asked."""
    servers: list[HTTPServer] = []

    def start(*answers: Answer) -> tuple[str, list[tuple[str, dict[str, str]]]]:
        left, asked = list(answers), []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append((f"{self.command} {self.path}", dict(self.headers)))
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, headers, body = left.pop(0) if len(left) > 1 else left[0]
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}", asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def client(url: str) -> ApiClient:
    return ApiClient(url, "secret-token", pause=lambda seconds: None)


@pytest.mark.parametrize(
    "bad", ["http://example.org", "ftp://127.0.0.1", "127.0.0.1", "https://user:pw@example.org", ""]
)
def test_a_token_is_not_sent_in_clear(bad: str) -> None:
    with pytest.raises(TraplineError):
        ApiClient(bad, "secret-token")


def test_redirects_are_not_followed(
    serve: Callable[..., tuple[str, list[tuple[str, dict[str, str]]]]],
) -> None:
    other, caught = serve((200, {}, b"{}"))
    url, _ = serve((302, {"Location": f"{other}/api/v1/me"}, b""))
    with client(url) as api, pytest.raises(RefusedByServerError, match="302"):
        api.me()
    assert caught == []


def test_netrc_does_not_take_the_tokens_place(
    serve: Callable[..., tuple[str, list[tuple[str, dict[str, str]]]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login x password y\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    url, asked = serve((200, {}, b"{}"))
    with client(f"{url}/api/v1/") as api:
        api.me()
    assert asked[0][0] == "GET /api/v1/me"
    assert asked[0][1]["Authorization"] == "Bearer secret-token"


def test_a_busy_server_is_asked_again_by_the_same_key(
    serve: Callable[..., tuple[str, list[tuple[str, dict[str, str]]]]],
) -> None:
    bait = {"id": "a", "kind": "url", "text": "", "tokens": [], "files": []}
    url, asked = serve(
        (503, {"Retry-After": "1"}, b"{}"), (429, {}, b"{}"), (201, {}, json.dumps(bait).encode())
    )
    with client(url) as api:
        assert api.mint("url").id == "a"
    assert len({headers["Idempotency-Key"] for _, headers in asked}) == 1
    assert len(asked) == 3


def test_a_stream_that_was_cut_is_asked_for_again(
    serve: Callable[..., tuple[str, list[tuple[str, dict[str, str]]]]],
) -> None:
    lines = [json.dumps({"id": name, "kind": "url", "text": "", "tokens": [], "files": []}) for name in "ab"]
    cut = (200, {"Content-Length": "4000", "Connection": "close"}, f"{lines[0]}\n".encode())
    url, asked = serve(cut, (200, {}, "\n".join([*lines, '{"done": 2}', ""]).encode()))
    with client(url) as api:
        assert [one.id for one in api.mint_many([{"kind": "url", "count": 2}])] == ["a", "b"]
    assert len({headers["Idempotency-Key"] for _, headers in asked}) == 1


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}, b"<html>"),
        (200, {}, b"[]"),
        (403, {}, b"\xff"),
        (404, {}, b'"x"'),
        (422, {}, b'{"detail": "\\u001b[2J", "errors": {"a": "\\u202e"}}'),
    ],
)
def test_every_answer_is_a_sentence(
    serve: Callable[..., tuple[str, list[tuple[str, dict[str, str]]]]], answer: Answer
) -> None:
    url, _ = serve(answer)
    with client(url) as api, pytest.raises(RefusedByServerError) as refused:
        api.me()
    assert refused.value.status_code == answer[0]
    assert not {"\x1b", "\u202e"} & set(refused.value.sentence)


def test_nobody_there() -> None:
    with (
        client("http://127.0.0.1:1") as api,
        pytest.raises(RefusedByServerError, match="cannot be reached") as refused,
    ):
        api.me()
    assert "trapline serve" in str(refused.value.hint)
    assert "secret-token" not in str(refused.value)


def test_a_place_is_noted_again_where_the_server_was_away(
    serve: Callable[..., tuple[str, list[tuple[str, dict[str, str]]]]],
) -> None:
    url, asked = serve((503, {}, b"{}"), (201, {}, json.dumps({"id": "ab12"}).encode()))
    with client(url) as api:
        assert api.note_place("00ff", "wiki") == "ab12"
    assert [line for line, _ in asked] == ["POST /api/v1/canaries/00ff/placements"] * 2


@pytest.mark.parametrize(
    "body",
    [
        *(b"{}", b'{"items": 5, "next": ""}', b'{"items": [1], "next": ""}', b'{"items": [{"id": 1}]}', b"["),
        *(
            b"[" * 100_000,
            b'{"files": [1], "kind": []}',
            b'{"files": [{"content": 5, "path": "", "sha256": ""}]}',
        ),
    ],
)
def test_an_answer_of_another_shape_is_one_sentence_whatever_was_asked(
    body: bytes, serve: Callable[..., tuple[str, list[tuple[str, dict[str, str]]]]]
) -> None:
    api = client(serve((200, {}, body))[0])
    asked: list[Callable[[], object]] = [
        *(lambda: list(api.canaries()), lambda: list(api.hits()), lambda: list(api.incidents())),
        *(lambda: api.canary("a"), lambda: api.incident("a"), lambda: api.mint("url")),
        *(lambda: api.note_place("a", "b"), lambda: api.note("a", "b"), lambda: api.reveal("a", "b")),
    ]
    for ask in asked:
        with pytest.raises(RefusedByServerError, match="not one of the API"):
            ask()
    if not body.endswith(b"}"):  # an object without an id ends the stream
        with pytest.raises(RefusedByServerError):
            list(api.mint_many([{"kind": "url"}]))


@pytest.mark.parametrize("url", ["http://[::1", "https://a.example:99999", "https://a.example:x"])
def test_half_an_address_is_one_sentence(url: str) -> None:
    with pytest.raises(TraplineError, match="is not the address of a server"):
        client(url)


def test_a_password_in_an_address_is_not_repeated() -> None:
    for url in ("https://user:hunter2@example.org", "https://user:hunter2@[::1", "user:hunter2@example.org"):
        with pytest.raises(TraplineError) as caught:
            client(url)
        assert "hunter2" not in f"{caught.value.sentence}{caught.value.hint}"
