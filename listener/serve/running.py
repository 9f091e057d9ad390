"""From the settings to a process that serves console and API until it is told to stop."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from canaries.core.errors import SettingsError
from canaries.core.ready_file import clear_ready, write_ready
from listener.api.application import MOUNT as MOUNT
from listener.api.application import create_api
from listener.api.guard import MOST_UPLOAD
from listener.console import server
from listener.console.app import create_app
from listener.runtime.stop_signals import stop_when_told
from listener.serve.application import together
from listener.serve.tls_front import TlsFront, context_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import WSGIApplication

    from canaries.core.settings import Settings
    from canaries.installation.home import Home


def listening_socket(settings: Settings, address: str) -> socket.socket:
    """Bound to ``address``. Raises SettingsError for one that is not loopback, without TLS or a named proxy."""
    console = settings.console
    if not (console.certificate or console.proxies):
        return server.bind(address)
    host, _, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not settings.alerts.console_url:
        raise SettingsError(
            "console.certificate and console.proxies need alerts.console_url",
            hint="the address under which operators reach it: https://trapline.example.net",
        )
    try:
        return socket.create_server(
            (host, int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
    except (OSError, ValueError, OverflowError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no address and port"
        raise SettingsError(f"the console cannot listen on {address}: {why}") from None


def public_name(settings: Settings, listening: socket.socket) -> str:
    """The Host of requests: of alerts.console_url behind TLS or a proxy, else the socket's own."""
    if settings.console.certificate or settings.console.proxies:
        return urlsplit(settings.alerts.console_url).netloc
    return server.name(listening)


def public_origin(settings: Settings) -> str:
    """As browsers name it (RFC 6454): of alerts.console_url behind TLS or a proxy; empty: of each request."""
    if not (settings.console.certificate or settings.console.proxies):
        return ""
    parts = urlsplit(settings.alerts.console_url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def run(home: Home, address: str, ready: Path | None, announce: Callable[[str, str], None]) -> None:
    """Serve. ``ready`` gets where, once it is so; ``announce`` the root's URL and the secret of the console's link."""
    settings = home.settings
    clear_ready(ready)
    with listening_socket(settings, address or settings.console.bind) as listening:
        host = public_name(settings, listening)
        console, api = create_app(home, host=host, origin=public_origin(settings)), create_api(home)
        context, jobs = console.extensions["trapline"], api.extensions["trapline-api"].jobs
        stop_when_told(context.stop)
        application = together(console, api, settings.console.proxies)
        with _tls(settings, listening, application) as (inner, application):
            secure = settings.console.certificate or settings.alerts.console_url.startswith("https")
            scheme = "https" if secure and host != server.name(listening) else "http"
            if ready is not None:
                write_ready(
                    ready, {"console": [server.name(listening)], "api": [f"{scheme}://{host}{MOUNT}"]}
                )
            announce(f"{scheme}://{host}", context.doorkeeper.link())
            try:
                server.serve(
                    application,
                    inner,
                    context.stop,
                    most_body=MOST_UPLOAD + 1,
                    forwarded=bool(settings.console.proxies),
                )
            finally:
                jobs.close()


@contextlib.contextmanager
def _tls(
    settings: Settings, listening: socket.socket, application: WSGIApplication
) -> Iterator[tuple[socket.socket, WSGIApplication]]:
    """The socket that the server itself listens on, and what it serves there."""
    if not settings.console.certificate:
        yield listening, application
        return
    context = context_of(settings.console.certificate)
    with socket.create_server(("127.0.0.1", 0)) as inner:
        front = TlsFront(listening, context, inner.getsockname())
        front.start()
        try:
            yield inner, front.door(application)
        finally:
            front.close()
