"""TLS in front: the application sees https and the client's address; whoever goes round it is refused."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from canaries.core.errors import SettingsError
from listener.console import server
from listener.serve.tls_front import TlsFront, context_of
from tests import steady


@pytest.fixture
def front(server_tls: tuple[ssl.SSLContext, Path]) -> Iterator[tuple[int, int]]:
    """(port with TLS, the server's own port)."""

    def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read()
        said = f"{environ['wsgi.url_scheme']} {environ['REMOTE_ADDR']} {len(body)}".encode()
        start("200 OK", [("Content-Length", str(len(said)))])
        return [said]

    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as outer, socket.create_server(("127.0.0.1", 0)) as inner:
        made = TlsFront(outer, server_tls[0], inner.getsockname())
        made.start()
        arguments = (made.door(application), inner, stop)
        thread = threading.Thread(target=server.serve, args=arguments, kwargs={"most_body": 1 << 22})
        thread.start()
        yield outer.getsockname()[1], inner.getsockname()[1]
        made.close()
        stop.set()
        thread.join(steady.PATIENCE)


def test_bytes_go_through_and_the_client_is_known(
    front: tuple[int, int], server_tls: tuple[ssl.SSLContext, Path]
) -> None:
    trusting = ssl.create_default_context(cafile=str(server_tls[1]))
    connection = http.client.HTTPSConnection(
        "localhost", front[0], context=trusting, timeout=steady.PATIENCE, source_address=("127.0.0.2", 0)
    )
    for size in (0, 3 << 20):
        connection.request("POST", "/", body=b"x" * size)
        assert connection.getresponse().read() == f"https 127.0.0.2 {size}".encode()
    connection.close()


def test_no_way_round_it(front: tuple[int, int]) -> None:
    plain = http.client.HTTPConnection("127.0.0.1", front[1], timeout=steady.PATIENCE)
    plain.request("GET", "/")
    assert plain.getresponse().status == 403
    plain.close()
    with socket.create_connection(("127.0.0.1", front[0]), timeout=steady.PATIENCE) as speaking_http:
        speaking_http.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200" not in speaking_http.recv(100)


def test_a_certificate_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("rubbish")
    for name in ("x.pem", "nowhere.pem", "x.pem:nowhere.key"):
        with pytest.raises(SettingsError, match=r"console\.certificate"):
            context_of(str(tmp_path / name))
