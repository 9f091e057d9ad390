"""``/healthz`` and ``/metrics`` on a loopback port of the operator's choice: for load balancers, probes and Prometheus.

Off unless ``health.bind`` is set. It is the back that answers: where it is dead nobody does, which probes understand.
"""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from canaries.core.errors import SettingsError
from listener.health import metrics
from listener.net.loopback import loopback_address

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from listener.health.watch import HealthWatch


class HealthEndpoint:
    """The server, once ``health.bind`` names an address."""

    def __init__(self, home: Home, watch: HealthWatch) -> None:
        """Raises SettingsError where the address is not loopback or is taken."""
        host, port = loopback_address(home.settings.health.bind, "health.bind")

        class ProbeHandler(BaseHTTPRequestHandler):
            timeout = 10
            server_version, sys_version = "health", ""

            def do_GET(self) -> None:
                if self.path == "/healthz":
                    problems = watch.problems()
                    text = "\n".join(problems) or "well"
                    self._answer(503 if problems else 200, "text/plain; charset=utf-8", text.encode() + b"\n")
                elif self.path == "/metrics":
                    self._answer(200, metrics.CONTENT_TYPE, metrics.exposition(home, watch).encode())
                else:
                    self._answer(404, "text/plain; charset=utf-8", b"/healthz, /metrics\n")

            def _answer(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """A probe each second is no news."""

        try:
            self._server = ThreadingHTTPServer((host, port), ProbeHandler)
        except OSError as error:
            raise SettingsError(
                f"health.bind: {host}:{port} cannot be opened: {error.strerror}", hint="choose another port"
            ) from error
        self._server.daemon_threads = True

    @property
    def address(self) -> str:
        host, port = self._server.server_address[:2]
        return f"{host!s}:{port}"

    def run(self, stop: threading.Event) -> None:
        """Answer until ``stop``."""
        thread = threading.Thread(
            target=self._server.serve_forever, args=(0.2,), name="endpoint", daemon=True
        )
        thread.start()
        stop.wait()
        self._server.shutdown()
        self._server.server_close()
        thread.join(2)
