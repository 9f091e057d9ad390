"""Responses: in this installation's words, and no header ends where a visitor wants it to."""

from __future__ import annotations

import re

from listener.http.response import Responder
from listener.personas import Answer
from listener.protocol.identity import Identity

ANSWER = Answer(200, (("Content-Type", "text/plain"), ("X-A", "b")), b"hello")
RESPONDER = Responder(Identity(bytes(32)))


def headers(response: bytes) -> list[str]:
    return response.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]


def render(
    answer: Answer, *, head_only: bool = False, version: str = "1.1", keep_alive: bool = True
) -> bytes:
    return RESPONDER.render(answer, head_only=head_only, version=version, keep_alive=keep_alive)


def test_status_length_date_and_body() -> None:
    response = render(ANSWER)
    assert response.startswith(b"HTTP/1.1 200 OK\r\n")
    assert response.endswith(b"\r\n\r\nhello")
    assert "Content-Length: 5" in headers(response)
    dates = [line for line in headers(response) if line.startswith("Date: ")]
    assert len(dates) == 1
    assert re.fullmatch(r"Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", dates[0])


def test_head_has_the_same_headers_and_no_body() -> None:
    assert headers(render(ANSWER, head_only=True)) == headers(render(ANSWER))
    assert render(ANSWER, head_only=True).endswith(b"\r\n\r\n")


def test_no_content_has_no_length() -> None:
    response = render(Answer(204, (), b"ignored"))
    assert not any(line.startswith("Content-Length") for line in headers(response))
    assert response.endswith(b"\r\n\r\n")


def test_the_connection_is_announced() -> None:
    assert "Connection: close" in headers(render(ANSWER, keep_alive=False))
    assert "Connection: close" not in headers(render(ANSWER))
    assert "Connection: keep-alive" in headers(render(ANSWER, version="1.0"))


def test_a_visitor_cannot_end_a_header() -> None:
    answer = Answer(302, (("Location", "http://x/\r\nSet-Cookie: a=b\r\n\r\n<script>"),), b"")
    response = render(answer)
    assert response.count(b"\r\n\r\n") == 1
    assert not any(line.startswith("Set-Cookie") for line in headers(response))


def test_headers_come_in_the_hosts_order_and_the_server_is_on_all() -> None:
    answer = Answer(
        200,
        (("X-A", "b"), ("ETag", "1"), ("Server", "other"), ("Last-Modified", "x"), ("content-type", "a/b")),
        b"",
    )
    names = [line.partition(":")[0] for line in headers(render(answer))]
    assert names == [
        "Server",
        "Date",
        "content-type",
        "Content-Length",
        "Last-Modified",
        "Connection",
        "X-A",
        "ETag",
    ]
    assert f"Server: {RESPONDER.host.server}" in headers(render(answer))
    fields = [name for name, _ in RESPONDER.fields(answer)]
    assert fields == [name for name in names if name != "Connection"]


def test_installations_are_of_several_releases() -> None:
    servers = {Responder(Identity(bytes([number]) * 32)).host.server for number in range(40)}
    assert len(servers) >= 3
