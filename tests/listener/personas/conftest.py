"""The personas of one installation, asked directly or through a real socket by real clients."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from canaries.core.plugins import classes
from listener.personas import FOLDER, Answer, Persona, Request
from listener.protocol.identity import Identity

KEY = bytes(range(32))
NOW = 1_795_000_000_000_000
"""Microseconds: November 2026."""

Ask = Callable[..., tuple[str, Answer]]


def personas_of(key: bytes) -> list[Persona]:
    identity = Identity(key)
    made = [persona(identity) for persona in classes(FOLDER, Persona).values()]
    return sorted(made, key=lambda persona: persona.order)


def answer_of(personas: list[Persona], request: Request) -> tuple[str, Answer]:
    """The claiming persona's name, and its answer."""
    persona = next(persona for persona in personas if persona.claims(request))
    return persona.name, persona.answer(request)


@pytest.fixture(scope="session")
def personas() -> list[Persona]:
    """Of one installation, in the order in which a front asks them."""
    return personas_of(KEY)


@pytest.fixture
def ask() -> Ask:
    """``ask("GET", "/path", body=b"", key=..., at=..., **headers)``; underscores in header names stand for hyphens."""

    def run(
        method: str, target: str, body: bytes = b"", *, key: bytes = KEY, at: int = NOW, **headers: str
    ) -> tuple[str, Answer]:
        sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        places = Identity(key).places
        request = Request(method, target.encode(), sent, body, tls=False, at=at, places=places)
        return answer_of(personas_of(key), request)

    return run


@pytest.fixture
def stand_in(personas: list[Persona]) -> Iterator[str]:
    """A server on loopback that answers with the personas; gives its root URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            sent = [(name.encode(), value.encode("latin-1")) for name, value in self.headers.items()]
            request = Request(self.command, self.path.encode(), sent, body, tls=False, at=NOW)
            _, answer = answer_of(personas, request)
            self.send_response_only(answer.status)
            for name, value in (*answer.headers, ("Content-Length", str(len(answer.body)))):
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_PROPFIND = do_OPTIONS = serve  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Silent."""

    class Server(ThreadingHTTPServer):
        connections: list[Any] = []

        def process_request(self, request: Any, client_address: Any) -> None:
            self.connections.append(request)
            super().process_request(request, client_address)

    with Server(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = False
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
        for connection in server.connections:  # clients keep theirs; nobody waits for them
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
