"""A listener's side for the hook: takes reports as the sensors trap does, over a Unix socket; may be away."""

from __future__ import annotations

import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from listener.hook import Hook
from listener.hook.filter_file import filter_bytes
from listener.hook.reporter import Reporter
from listener.sensors.keys import RefusedReportError, signer_of
from listener.sensors.report import LARGEST, parse_report

KEY = "k" * 64
BAIT = (
    "planted.person@harbour.example",
    "tok_0123456789abcdefghij",
    "planted.person@harbour.example:Summer07",
)


class Taking(BaseHTTPRequestHandler):
    """One connection."""

    server: Any
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            signer_of({"web": KEY.encode()}, self.headers["Authorization"], self.path, body)
            parse_report(body)
            status = 200 if len(body) <= LARGEST else 400
        except RefusedReportError as refused:
            status = refused.status
        if status == 200:
            self.server.reports.append(json.loads(body))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        pass

    def address_string(self) -> str:
        return "unix"


@dataclass
class FakeListener:
    """Where the hook of a test reports."""

    path: Path
    reports: list[dict[str, Any]] = field(default_factory=list)
    server: Any = None

    def start(self) -> None:
        class Server(socketserver.ThreadingUnixStreamServer):
            daemon_threads = True

            def get_request(self) -> tuple[socket.socket, Any]:
                return super().get_request()[0], ("unix", 0)

        self.server = Server(str(self.path), Taking)
        self.server.reports = self.reports
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.path.unlink()
            self.server = None


@pytest.fixture
def fake_listener(tmp_path: Path) -> Iterator[FakeListener]:
    """Listening; it verifies signatures."""
    made = FakeListener(tmp_path / "s")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def reporter(fake_listener: FakeListener, tmp_path: Path) -> Reporter:
    """With a spool."""
    return Reporter("web", KEY, [f"unix:{fake_listener.path}"], spool=tmp_path / "spool")


@pytest.fixture
def hook(reporter: Reporter, tmp_path: Path) -> Hook:
    """Knows `BAIT`."""
    (tmp_path / "filter").write_bytes(filter_bytes(one.encode() for one in BAIT))
    return Hook(tmp_path / "filter", reporter)
