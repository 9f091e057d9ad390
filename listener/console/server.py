"""The console's server: waitress on a loopback socket.

Why waitress: pure Python, kept, meant for production, no child processes to look after; a fixed number of threads and
connections, limits on headers and bodies, and it tells a stream that its browser has gone. Werkzeug's own server starts
a thread for whoever connects and says itself that it is not for production; gunicorn forks workers, which a single
operator's pages do not need and in-memory sessions do not survive.
"""

from __future__ import annotations

import logging
import socket
import threading
from typing import TYPE_CHECKING

from canaries.core import log_lines
from canaries.core.errors import SettingsError
from canaries.core.safe_traceback import log_error
from listener.console.stream import MOST_STREAMS
from listener.net.loopback import loopback_address

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

_WORKERS = 8
"""Threads for pages, beside one a stream."""
_TURN = 0.5
"""Seconds after which an idle server looks whether it is to stop."""


def bind(address: str) -> socket.socket:
    """A listening socket on ``127.0.0.1:0``, ``[::1]:8443`` ... Raises SettingsError for anything but loopback."""
    host, number = loopback_address(address, "console.bind")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, number), family=family)
    except OSError as error:
        raise SettingsError(
            f"the console cannot listen on {address}: {error.strerror}",
            hint="set console.bind to 127.0.0.1:0: any free port",
        ) from None


def name(listening: socket.socket) -> str:
    """The Host header of requests to this socket: ``127.0.0.1:40001``, ``[::1]:40001``."""
    host, port = listening.getsockname()[:2]
    return f"[{host}]:{port}" if listening.family == socket.AF_INET6 else f"{host}:{port}"


class _OneLine(logging.Handler):
    """What waitress says, which may repeat the address that a client asked for: one line, and no values of a trace."""

    def emit(self, record: logging.LogRecord) -> None:
        log_lines.write(
            "console", record.getMessage(), "error" if record.levelno >= logging.ERROR else "warning"
        )
        if record.exc_info and record.exc_info[1]:
            log_error(record.exc_info[1])


_one_line = _OneLine(logging.WARNING)


def serve(
    app: WSGIApplication,
    listening: socket.socket,
    stop: threading.Event,
    *,
    most_body: int = 256 * 1024,
    forwarded: bool = False,
) -> None:
    """Serve until ``stop`` is set; then end the streams, let the threads finish and return."""
    from waitress import wasyncore  # type: ignore[import-untyped]
    from waitress.server import create_server  # type: ignore[import-untyped]

    said = logging.getLogger("waitress")
    said.addHandler(_one_line)  # once, however often
    said.propagate = False
    channels: dict[int, object] = {}
    server = create_server(
        app,
        map=channels,
        sockets=[listening],
        threads=MOST_STREAMS + _WORKERS,
        ident=None,  # no Server header
        channel_request_lookahead=1,  # notices a browser that has gone while its stream is open
        max_request_header_size=32 * 1024,
        max_request_body_size=most_body,
        clear_untrusted_proxy_headers=not forwarded,  # then the application judges them
    )
    try:
        while not stop.is_set():
            wasyncore.loop(timeout=_TURN, use_poll=True, map=channels, count=1)
    finally:
        stop.set()
        server.task_dispatcher.shutdown()
        wasyncore.close_all(channels)
