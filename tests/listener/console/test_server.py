"""The server on a real socket: loopback only, streams that flow, an end that is clean."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from canaries.core.errors import SettingsError
from canaries.core.model import Canary
from canaries.installation.home import Home
from listener.console import auth, server
from listener.console.app import create_app
from tests import steady


@pytest.fixture
def running(home: Home) -> Iterator[Any]:
    """A served console: (address, app)."""
    with server.bind("127.0.0.1:0") as listening:
        host = server.name(listening)
        app = create_app(home, host=host)
        app_context = app.extensions["trapline"]
        thread = threading.Thread(target=server.serve, args=(app, listening, app_context.stop))
        thread.start()
        try:
            yield host, app
        finally:
            app_context.stop.set()
            thread.join(steady.PATIENCE)
            assert not thread.is_alive()


def get(host: str, path: str, **headers: str) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    connection = http.client.HTTPConnection(host, timeout=steady.PATIENCE)
    connection.request("GET", path, headers=headers)
    return connection, connection.getresponse()


def enter(host: str, app: Any) -> str:
    connection, response = get(host, f"/enter/{app.extensions['trapline'].doorkeeper.link()}")
    response.read()
    connection.close()
    return str(response.headers["Set-Cookie"]).partition(";")[0]


@pytest.mark.parametrize(
    "address", ["0.0.0.0:0", "[::]:0", "192.0.2.1:80", "8.8.8.8:53", "localhost:0", "", "1", "127.0.0.1:x"]
)
def test_only_loopback_addresses_are_listened_on(address: str) -> None:
    with pytest.raises(SettingsError, match=r"console\.bind"):
        server.bind(address)


def test_a_port_that_is_taken_is_a_sentence() -> None:
    with server.bind("127.0.0.1:0") as first, pytest.raises(SettingsError, match="cannot listen"):
        server.bind(server.name(first))


@pytest.mark.skipif(not socket.has_ipv6, reason="this Python has no IPv6")
def test_the_host_header_of_an_ipv6_address_has_brackets() -> None:
    try:
        listening = server.bind("[::1]:0")
    except SettingsError as error:
        pytest.skip(f"no IPv6 loopback here: {error}")
    with listening:
        assert server.name(listening) == f"[::1]:{listening.getsockname()[1]}"


def test_it_names_neither_itself_nor_its_server(running: Any) -> None:
    host, _ = running
    connection, response = get(host, "/hits")
    assert response.status == 401
    assert response.headers["Server"] is None
    response.read()
    connection.close()


def test_a_wrong_host_header_is_refused_on_the_wire(running: Any) -> None:
    host, _ = running
    connection, response = get(host, "/hits", Host="evil.example")
    assert response.status == 400
    response.read()
    connection.close()


def test_a_hit_reaches_an_open_stream_at_once(
    running: Any, canary: Canary, visit: Callable[..., str]
) -> None:
    host, app = running
    connection, response = get(host, "/hits/stream", Cookie=enter(host, app))
    assert response.status == 200
    assert response.readline() == b": welcome\n"
    hit = visit(canary)
    lines = [response.readline() for _ in range(5)]
    assert f"id: {hit}\n".encode() in lines
    connection.close()


def test_a_browser_that_has_gone_gives_its_stream_back(running: Any) -> None:
    host, app = running
    cookie = enter(host, app)
    app_context = app.extensions["trapline"]
    open_ones = [get(host, "/hits/stream", Cookie=cookie) for _ in range(8)]
    for _, response in open_ones:
        assert response.readline() == b": welcome\n"
    assert app_context.streams.acquire() is None
    for connection, response in open_ones:
        response.close()
        connection.close()
    steady.until(app_context.streams.acquire)


def test_pages_are_served_while_every_stream_is_open(running: Any) -> None:
    host, app = running
    cookie = enter(host, app)
    open_ones = [get(host, "/hits/stream", Cookie=cookie) for _ in range(8)]
    connection, response = get(host, "/canaries", Cookie=cookie)
    assert response.status == 200
    response.read()
    connection.close()
    for other, stream in open_ones:
        stream.close()
        other.close()


def test_the_cookie_lasts_no_longer_than_the_browser(running: Any) -> None:
    host, app = running
    cookie = enter(host, app)
    assert cookie.startswith(f"{auth.COOKIE}=")
    connection, response = get(host, "/hits", Cookie=cookie)
    assert response.status == 200
    response.read()
    connection.close()


def test_what_fails_while_it_is_sent_splits_no_log_line(capfd: pytest.CaptureFixture[str]) -> None:
    """Neither by the address that was asked for nor by what the error says; the place in the code is there."""
    stop, words = threading.Event(), "what the error says\nERROR forged"

    def failing(_: Any, start: Any) -> Iterator[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        yield b"begun"
        raise ValueError(words)

    with server.bind("127.0.0.1:0") as listening:
        thread = threading.Thread(target=server.serve, args=(failing, listening, stop))
        thread.start()
        try:
            connection, response = get(server.name(listening), "/a%0aERROR%20forged%1b%5b2J")
            with contextlib.suppress(http.client.IncompleteRead):
                response.read()
            connection.close()
        finally:
            stop.set()
            thread.join(steady.PATIENCE)
    said = capfd.readouterr().err
    assert "console: Exception while serving /a" in said
    assert "ValueError" in said
    assert not [line for line in said.splitlines() if line.startswith("ERROR")]
    assert "\x1b" not in said
    assert "what the error says" not in said
