"""Services to ask, on loopback: a web server over TLS, a name server, and a proxy, each answering as it is told."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from tests import steady

Zone = dict[tuple[str, str], list[str] | int | bytes]
"""(name, type) to records, to a response code, or to the very bytes of an answer."""


class WebService:
    """Answers by `answers`; who asked for what is in `asked`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[tuple[str, dict[str, str]]] = []
        """(path and query, headers in lower case)."""
        self.answers: dict[str, tuple[int, dict[str, str], Any]] = {}
        """Path to (status, headers, content): bytes, a function of the body sent, or what is sent as JSON."""
        self.drip = 0.0
        """Seconds between two bytes of an answer."""
        self.dripped = 0
        """Bytes that were sent so."""


class NameService:
    """Answers by `zone`; what was asked is in `asked`."""

    def __init__(self, port: int) -> None:
        self.server = f"127.0.0.1:{port}"
        self.zone: Zone = {}
        self.asked: list[tuple[str, str]] = []

    def reply(self, wire: bytes) -> bytes:
        """The answer to a query."""
        query = dns.message.from_wire(wire)
        name, kind = query.question[0].name.to_text(omit_final_dot=True), query.question[0].rdtype.name
        self.asked.append((name, kind))
        found = self.zone.get((name, kind), dns.rcode.NXDOMAIN)
        if isinstance(found, bytes):
            return found
        answer = dns.message.make_response(query)
        if isinstance(found, int):
            answer.set_rcode(dns.rcode.Rcode(found))
        else:
            answer.answer.append(dns.rrset.from_text_list(query.question[0].name, 60, "IN", kind, found))
        return answer.to_wire()


@contextlib.contextmanager
def web_service(context: ssl.SSLContext) -> Iterator[WebService]:
    """A server with the certificate of ``context``."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            made.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            status, headers, content = made.answers.get(self.path.partition("?")[0], (404, {}, b""))
            sent = content(body) if callable(content) else content
            sent = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            with contextlib.suppress(OSError):  # whoever asked may have had enough
                for number in range(len(sent)) if made.drip else ():
                    self.wfile.write(sent[number : number + 1])
                    made.dripped += 1
                    time.sleep(made.drip)
                if not made.drip:
                    self.wfile.write(sent)

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    made = WebService(f"https://127.0.0.1:{server.server_port}")
    with _serving(server):
        yield made


@contextlib.contextmanager
def name_service() -> Iterator[NameService]:
    """A name server over UDP."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            wire, transport = self.request
            transport.sendto(made.reply(wire), self.client_address)

    server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler)
    made = NameService(server.server_address[1])
    with _serving(server):
        yield made


@contextlib.contextmanager
def proxy(said: Callable[[str], object]) -> Iterator[str]:
    """A proxy (RFC 9110, 9.3.6), whose URL comes out; ``said`` is told each host and port it leads to."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            target = self.rfile.readline().split()[1].decode()
            while self.rfile.readline().strip():
                pass
            said(target)
            host, _, port = target.rpartition(":")
            with socket.create_connection((host, int(port)), timeout=steady.PATIENCE) as beyond:
                self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                ends = {beyond: self.connection, self.connection: beyond}
                while True:
                    for end in select.select(list(ends), [], [], steady.PATIENCE)[0]:
                        data = end.recv(65_536)
                        if not data:
                            return
                        ends[end].sendall(data)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with _serving(server):
        yield f"http://127.0.0.1:{server.server_address[1]}"


@contextlib.contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
