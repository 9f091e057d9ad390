"""What tests of kinds share: orders of two installations, and a server that remembers what real clients send."""

from __future__ import annotations

import base64
import shlex
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from canaries.core import plugins
from canaries.core.model import Bait, Shape
from canaries.crypto.seeded_random import SeededRandom
from canaries.kinds import FOLDER, Kind, Order, fill
from canaries.protocols.signer import signer
from tests.programs import convert_to_pdf, require, require_libreoffice

BASES = {"host": "https://{label}.harbour-view.net", "path": "http://192.0.2.7:8080"}
PLACED = Shape(path_words=("gateway", "{}"), path_form="hex")
"""Of an installation whose addresses without a catch domain are ``/gateway/SERVICE/ID``."""


@pytest.fixture(params=sorted(BASES))
def base_url(request: pytest.FixtureRequest) -> str:
    """Once with the label in the host name, once with it in the path."""
    return BASES[request.param]


@pytest.fixture
def order() -> Callable[..., Order]:
    """An order, of seed number ``number``, with whatever is to be different."""

    def make(number: int = 1, **changes: Any) -> Order:
        values: dict[str, Any] = {
            "stream": SeededRandom(number.to_bytes(32, "big")),
            "base_url": BASES["host"],
            "domain": "quiet-post.net",
            "locale": "en_US",
            "created_at": "2026-11-22T12:00:00.000000Z",
            "memo": "MEMO-MARK",
            "recipient": "RECIPIENT-MARK",
            "shape": Shape(),
            "ca_pem": "-----BEGIN CERTIFICATE-----\n",
            **changes,
        }
        front_key, ca_key = values.pop("front_key", b"k" * 32), values.pop("ca_key", "")
        return Order(signer=signer(front_key, values["ca_pem"], ca_key), **values)

    return make


@pytest.fixture
def mint(order: Callable[..., Order]) -> Callable[..., Bait]:
    """``mint("url", {"mode": "page"}, number=1, base_url=...)``: the bait of one order."""

    def make(name: str, options: dict[str, Any] | None = None, **changes: Any) -> Bait:
        kind = plugins.classes(FOLDER, Kind)[name]()
        given = {"shape": PLACED, "service": kind.place} if changes.get("base_url") == BASES["path"] else {}
        return kind.mint(order(**{**given, **changes}), kind.Options(**(options or {})))

    return make


@dataclass
class Listening:
    """A plain HTTP server on loopback."""

    url: str
    answer: bytes = b"{}"
    content_type: str = "application/json"
    seen: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    """(method, path, headers by lower-case name, body) of each request."""


@pytest.fixture
def listening() -> Iterator[Listening]:
    """Remembers every request and answers each alike."""

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            state.seen.append((self.command, self.path, headers, body))
            self.send_response(200)
            self.send_header("Content-Type", state.content_type)
            self.send_header("Content-Length", str(len(state.answer)))
            self.end_headers()
            self.wfile.write(state.answer)

        do_GET = do_PROPFIND = do_POST = _any  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state = Listening(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def _basic(headers: dict[str, str]) -> str:
    """User and password of a Basic header, or nothing."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    return base64.b64decode(value).decode() if scheme == "Basic" else ""


@pytest.fixture
def tried(mint: Callable[..., Bait], listening: Listening) -> Callable[[str], tuple[Bait, list[str]]]:
    """``tried("groq-key")``: the bait, and what arrives (as text) when its hint is followed word for word."""

    def follow(name: str) -> tuple[Bait, list[str]]:
        require("curl")
        bait = mint(name, base_url=listening.url)
        for line in fill(plugins.classes(FOLDER, Kind)[name].try_hint, bait).splitlines():
            command = shlex.split(line)
            assert command[0] == "curl"
            subprocess.run([*command, "-sS", "--max-time", "10"], check=True, capture_output=True)
        return bait, [
            f"{method} {path} {headers} {_basic(headers)} {body.decode()}"
            for method, path, headers, body in listening.seen
        ]

    return follow


@pytest.fixture
def libreoffice(tmp_path: Path) -> Callable[[str, bytes], None]:
    """``libreoffice("name.docx", content)``: LibreOffice opens it, as whoever found it would."""

    def opened(name: str, content: bytes) -> None:
        suffix = name.rpartition(".")[2]
        require_libreoffice("calc" if suffix == "xlsx" else "writer")
        path = tmp_path / f"found.{suffix}"
        path.write_bytes(content)
        convert_to_pdf(path)

    return opened
