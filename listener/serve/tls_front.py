"""TLS in front of the server: an event loop of its own takes connections, and hands the bytes on over loopback.

Waitress speaks no TLS. The address of each client is kept in a table by the port from which its bytes are handed on;
whoever else on this machine connects to the server's inner port is not in the table, and is refused.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from canaries.core.errors import SettingsError
from listener.serve.proxies import refused

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_HANDSHAKE_SECONDS, _IDLE_SECONDS = 10.0, 300.0
_MOST, _EACH, _CHUNK = 200, 50, 64 * 1024
"""Connections at once, of all and of one address."""


def context_of(certificate: str) -> ssl.SSLContext:
    """For ``chain-and-key.pem`` or ``chain.pem:key.pem``. Raises SettingsError."""
    chain, _, key = certificate.partition(":")
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_alpn_protocols(["http/1.1"])
    try:
        made.load_cert_chain(chain, key or None)
    except (OSError, ssl.SSLError) as error:
        why = (
            error.strerror
            if isinstance(error, FileNotFoundError | PermissionError)
            else "no chain with its key"
        )
        raise SettingsError(
            f"console.certificate cannot be used: {why}", hint="a PEM file with both, or chain.pem:key.pem"
        ) from None
    return made


class TlsFront:
    """A thread with an event loop, from `start` to `close`."""

    def __init__(self, listening: socket.socket, context: ssl.SSLContext, inner: tuple[str, int]) -> None:
        self._listening, self._context, self._inner = listening, context, inner
        self._peers: dict[int, str] = {}
        self._open: Counter[str] = Counter()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="tls", daemon=True)

    def start(self) -> None:
        """Take connections from now on."""
        self._thread.start()

    def close(self) -> None:
        """End all of them."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(
                self._serve,
                sock=self._listening,
                ssl=self._context,
                ssl_handshake_timeout=_HANDSHAKE_SECONDS,
                limit=_CHUNK,
            )
        )
        try:
            self._loop.run_forever()
        finally:
            server.close()
            tasks = asyncio.all_tasks(self._loop)
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.run_until_complete(
                asyncio.sleep(0)
            )  # what was aborted is closed by the loop's next turn
            self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = str((writer.get_extra_info("peername") or ("",))[0])
        if self._open.total() >= _MOST or self._open[peer] >= _EACH:
            writer.close()
            return
        self._open[peer] += 1
        try:
            await self._hand_on(peer, reader, writer)
        except asyncio.CancelledError:  # the end of everything waits for nobody's farewell
            writer.transport.abort()
            raise
        finally:
            self._open -= Counter([peer])
            writer.close()
            with contextlib.suppress(Exception):  # the other end may be gone, in any way it likes
                await writer.wait_closed()

    async def _hand_on(self, peer: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as own:
            own.bind(("127.0.0.1", 0))
            own.setblocking(False)
            port = own.getsockname()[1]
            self._peers[port] = peer
            try:
                await self._loop.sock_connect(own, self._inner)
                back_reader, back_writer = await asyncio.open_connection(sock=own)
                both = asyncio.gather(_pump(reader, back_writer), _pump(back_reader, writer, last=True))
                try:
                    with contextlib.suppress(OSError, ssl.SSLError, TimeoutError):
                        await both
                finally:
                    back_writer.transport.abort()
            finally:
                self._peers.pop(port, None)

    def door(self, inner: WSGIApplication) -> WSGIApplication:
        """``inner`` for those alone whose bytes came through here, with their own address, over https."""

        def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            try:
                peer = self._peers.get(int(environ.get("REMOTE_PORT", "0")))
            except ValueError:
                peer = None
            if peer is None or environ.get("REMOTE_ADDR") != "127.0.0.1":
                return refused(start)
            environ["REMOTE_ADDR"] = peer
            environ["wsgi.url_scheme"] = "https"
            return inner(environ, start)

        return application


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, last: bool = False) -> None:
    """All bytes of one direction; the end is handed on, and where it is the server's, ends both."""
    while data := await asyncio.wait_for(reader.read(_CHUNK), _IDLE_SECONDS):
        writer.write(data)
        await writer.drain()
    if last:
        writer.close()
    elif writer.can_write_eof():
        writer.write_eof()
