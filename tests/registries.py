"""Internet registries on loopback: IANA's lists and RDAP answers over TLS, as told."""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class RegistryServer:
    """Answers GET by `answers`; who asked for what is in `asked`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[tuple[str, str]] = []
        """(path, user agent)."""
        self.answers: dict[str, tuple[int, Any, str]] = {}
        """Path to (status, content, where it refers to); content that is no bytes is sent as JSON."""

    def lists(self, *networks: str) -> None:
        """From now on IANA's lists name this server, and nobody else, for these."""
        for version in (4, 6):
            of_it = [one for one in networks if (":" in one) == (version == 6)]
            self.answers[f"/ipv{version}.json"] = 200, {"services": [[of_it, [f"{self.url}/rdap/"]]]}, ""

    def knows(self, network: str, **content: Any) -> None:
        """A registration, with an abuse contact inside another entity as registries have it."""
        mail = content.pop("mail", "abuse@isp.example")
        card = [["version", {}, "text", "4.0"], ["email", {}, "text", mail]]
        contact = {"roles": ["abuse"], "vcardArray": ["vcard", card]}
        found: dict[str, Any] = {"objectClassName": "ip network", "handle": "NET-1", "country": "NL"}
        found |= {"name": "EXAMPLE-NET", "entities": [{"roles": ["registrant"], "entities": [contact]}]}
        self.answers[f"/rdap/ip/{network}"] = 200, {**found, **content}, ""


@contextlib.contextmanager
def registries(context: ssl.SSLContext) -> Iterator[RegistryServer]:
    """A server with the certificate of ``context``."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append((self.path, self.headers["User-Agent"]))
            status, content, target = made.answers.get(self.path, (404, b"", ""))
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            if target:
                self.send_header("Location", target)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):  # whoever asked may have had enough
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    made = RegistryServer(f"https://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
