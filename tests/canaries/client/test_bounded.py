"""Answers within bounds: a server that is silent, drips or never ends is given up, whatever it sends."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
import requests

from canaries.client import bounded
from canaries.client.api_client import ApiClient, RefusedByServerError
from canaries.client.bounded import TooLargeError, within
from tests import steady

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[socket.socket], None]], str]]:
    """Starts a server that treats each connection so; its address."""
    listening: list[socket.socket] = []

    def start(treat: Callable[[socket.socket], None]) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        listening.append(server)

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection, contextlib.suppress(OSError):
                        connection.recv(65536)
                        treat(connection)

        threading.Thread(target=accept, daemon=True).start()
        return f"http://127.0.0.1:{server.getsockname()[1]}"

    yield start
    for server in listening:
        server.close()


def drip(head: bytes) -> Callable[[socket.socket], None]:
    """The head at once, then a byte at a time for as long as somebody waits."""
    gone = threading.Event()

    def treat(connection: socket.socket) -> None:
        connection.sendall(head)
        while not gone.wait(0.02):
            connection.sendall(b" ")

    return treat


def flood(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"\r\n")
    while True:
        connection.sendall(b" " * 65536)


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX-Name: ", HEAD + b"Content-Length: 100000\r\n\r\n"])
def test_a_server_that_drips_is_given_up(serve: Callable[..., str], head: bytes) -> None:
    with (
        ApiClient(serve(drip(head)), "token", timeout=0.3, pause=lambda seconds: None) as api,
        pytest.raises(RefusedByServerError, match="ReadTimeout"),
    ):
        api.me()


def test_an_answer_without_an_end_is_given_up(
    serve: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def count(connection: socket.socket) -> None:
        asked.append(connection)
        flood(connection)

    monkeypatch.setattr("canaries.client.transport._LARGEST", 1 << 20)
    with (
        ApiClient(serve(count), "token", pause=lambda seconds: None) as api,
        pytest.raises(RefusedByServerError, match="TooLarge"),
    ):
        api.me()
    assert len(asked) == 1, "it is not asked for again"


def test_a_line_without_an_end_is_given_up(serve: Callable[..., str]) -> None:
    with (
        requests.get(serve(flood), stream=True, timeout=steady.PATIENCE) as answer,
        pytest.raises(TooLargeError),
    ):
        list(bounded.lines(answer, 1 << 20))


def test_lines_are_those_of_the_stream(serve: Callable[..., str]) -> None:
    sent = [b"a" * 700, b"", b"b", b"last"]

    def treat(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"Connection: close\r\n\r\n" + b"\n".join(sent))

    with requests.get(serve(treat), stream=True, timeout=steady.PATIENCE) as answer:
        assert list(bounded.lines(answer)) == sent


def test_work_gives_or_raises_what_it_does() -> None:
    assert within(10, lambda: 5) == 5
    with pytest.raises(ZeroDivisionError):
        within(10, lambda: 1 // 0)
    with pytest.raises(requests.ReadTimeout):
        within(0.01, threading.Event().wait)
