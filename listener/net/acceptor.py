"""Accept connections, look at the first bytes without consuming them, and hand each connection to its trap.

    accept -> limits -> [PROXY header, from configured proxies only] -> TLS or plain, by the first byte -> trap

Peeking (MSG_PEEK) leaves the bytes where they are, so the TLS library sees an untouched connection, by public calls
only (`loop.connect_accepted_socket`), and the raw ClientHello is kept as evidence. A handshake that fails is a sighting
too: the name it asked for may be bait.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import math
import socket
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from canaries.core import safe_traceback
from listener.evidence.shapes import Notes
from listener.journal.journal import JournalError
from listener.net import client_hello, ja4, proxy_protocol
from listener.net.addresses import normal, subscriber
from listener.net.connection import Connection, ConnectionInfo, failure
from listener.net.networks import Networks
from listener.net.peek import Peek
from listener.net.visits import Visit, Visits

if TYPE_CHECKING:
    from listener.net.context import TrapContext

log = logging.getLogger(__name__)

_SWEEP_SECONDS = 0.25
_FULL_SECONDS = 0.1
_BURST = 16
"""Connections accepted in a row."""
_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)

Serve = Callable[[Connection], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class AcceptorLimits:
    """How many, and how long."""

    total: int = 4096
    """Connections at a time; for one more, one of the network that has most is ended."""
    per_source: int = 512
    """Connections at a time from one IPv4 address or IPv6 /64; more are closed at once."""
    greeting_seconds: float = 10.0
    """Until the PROXY header, the ClientHello or the first byte is complete, and again for the TLS handshake."""


class Acceptor:
    """Accepts connections for one trap."""

    def __init__(
        self,
        front: TrapContext,
        trap: str,
        serve: Serve,
        *,
        limits: AcceptorLimits,
        proxies: Networks,
        tls: bool = True,
        asks: bool = False,
        http2: bool = False,
    ) -> None:
        """``serve`` holds one conversation and returns; ``proxies`` must begin with a PROXY header; ``asks``: for
        client certificates; ``http2``: whether TLS offers it."""
        self._front, self._trap, self._serve = front, trap, serve
        self._limits, self._proxies, self._tls, self._asks, self._http2 = limits, proxies, tls, asks, http2
        self._sources: Counter[bytes] = Counter()
        self._streams: set[Connection] = set()
        self._visits = Visits()
        self._work: list[asyncio.Task[None]] = []
        self.refused = 0
        """Connections closed because their source had too many."""
        self.evicted = 0
        """Connections ended so that others got in."""

    def serve(self, sockets: list[socket.socket]) -> None:
        """Begin to accept."""
        loop = asyncio.get_running_loop()
        for listening in sockets:
            listening.setblocking(False)
            if self._tls:
                # TLS or plain is known with the first byte, so the kernel keeps a connection until that is here
                # (tcp(7)): the peek then never waits, and silent connections cost nothing.
                seconds = math.ceil(self._limits.greeting_seconds)
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, seconds)
            self._work.append(loop.create_task(self._accept(loop, listening)))
        self._work.append(loop.create_task(self._sweep(loop)))

    async def close(self, grace: float = 2.0) -> None:
        """Accept no more; conversations get ``grace`` seconds to end, then they are cut."""
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
        for connection in self._streams:
            connection.expire()
        tasks = self._visits.tasks()
        if tasks:
            await asyncio.wait(tasks, timeout=grace)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self, loop: asyncio.AbstractEventLoop, listening: socket.socket) -> None:
        burst = 0
        while True:
            burst += 1
            if burst % _BURST == 0:  # let those who are in be served
                await asyncio.sleep(0)
            try:
                try:
                    sock, address = listening.accept()
                except BlockingIOError:
                    sock, address = await loop.sock_accept(listening)
            except OSError as problem:
                if problem.errno not in _EXHAUSTED:
                    log.warning("accept: %s", problem.strerror)
                await asyncio.sleep(_FULL_SECONDS)
                continue
            source = subscriber(address[0])
            if self._sources[source] >= self._limits.per_source:
                self.refused += 1
                self._front.count(self._trap, "refused")
                sock.close()
                continue
            if len(self._visits) >= self._limits.total:
                self._evict()
            self._sources[source] += 1
            visit = Visit(address[0])
            visit.task = loop.create_task(self._serve_client(loop, sock, address, visit))
            visit.task.add_done_callback(partial(self._ended, visit, sock))
            self._visits.add(visit)

    def _ended(self, visit: Visit, sock: socket.socket, _: asyncio.Task[None]) -> None:
        """Also where it was evicted before it began."""
        if visit.connection is None:
            sock.close()
        self._visits.discard(visit)
        source = subscriber(visit.address)
        self._sources[source] -= 1
        if not self._sources[source]:
            del self._sources[source]

    def _evict(self) -> None:
        """End one connection of the network that has most: the one that has said least, the oldest of these."""
        self._visits.evict()
        self.evicted += 1
        self._front.count(self._trap, "evicted")

    async def _serve_client(
        self, loop: asyncio.AbstractEventLoop, sock: socket.socket, address: Any, visit: Visit
    ) -> None:
        connection: Connection | None = None
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            local = sock.getsockname()
            info = ConnectionInfo(
                self._front.next_connection(),
                (_spelled(address[0]), address[1]),
                (_spelled(local[0]), local[1]),
            )
            connection = await self._greet(loop, sock, info)
            if connection is not None:
                self._streams.add(connection)
                visit.connection = connection
                await self._serve(connection)
        except (OSError, JournalError) as problem:
            if isinstance(problem, JournalError):
                self._front.count(self._trap, "unrecorded")
            log.debug("a connection ended early: %s", type(problem).__name__)
        except Exception as problem:  # noqa: BLE001  asyncio would log it with its message, which may quote the visitor
            safe_traceback.log_error(problem)
        finally:
            if connection is not None:
                self._streams.discard(connection)
                connection.close()

    async def _greet(
        self, loop: asyncio.AbstractEventLoop, sock: socket.socket, info: ConnectionInfo
    ) -> Connection | None:
        """The connection of this connection, or None where it never became one."""
        peek = Peek(loop, sock, loop.time() + self._limits.greeting_seconds)
        if info.peer[0] in self._proxies and not await self._proxied(peek, info):
            return None
        if not self._tls:
            return await self._connected(loop, sock, Connection(info, loop))
        first = await peek.until(1)
        if not first:  # a client that says nothing has shown nothing
            return None
        if first[0] == client_hello.HANDSHAKE:
            return await self._handshake(loop, sock, info, peek)
        return await self._connected(loop, sock, Connection(info, loop))

    async def _connected(
        self, loop: asyncio.AbstractEventLoop, sock: socket.socket, connection: Connection, **tls: Any
    ) -> Connection:
        await loop.connect_accepted_socket(lambda: connection, sock, **tls)
        return connection

    async def _proxied(self, peek: Peek, info: ConnectionInfo) -> bool:
        """Take the PROXY header off. Without one the connection is recorded and closed (proxy-protocol, section 2).

        Behind it may be another one, of a proxy behind this one; of anybody else it is the client's own bytes.
        """
        data = b""
        try:
            while (header := proxy_protocol.parse(data)) is None:
                more = await peek.beyond(len(data))
                if len(more) <= len(data):
                    raise proxy_protocol.ProxyError("the PROXY header is not complete")  # noqa: TRY301  recorded below
                data = more
        except proxy_protocol.ProxyError as problem:
            if data:
                await self._record_failure(info, data, {"error": str(problem)})
            return False
        info.via = proxy_protocol.via(header, [info.peer[0]])
        peek.consume(header.size)
        while inner := proxy_protocol.at_once(peek.here()):
            if info.client[0] not in self._proxies:
                info.via["note"] = "another PROXY header follows, of no configured proxy: it is not believed"
                break
            info.via = proxy_protocol.via(inner, [info.client[0], *info.via["chain"]])
            peek.consume(inner.size)
        return True

    async def _handshake(
        self, loop: asyncio.AbstractEventLoop, sock: socket.socket, info: ConnectionInfo, peek: Peek
    ) -> Connection | None:
        data, complete = await client_hello.collect(peek)
        greeting = ja4.parse(data)
        info.tls = {"hello": data, "sni": greeting.sni if greeting else ""}
        if not complete:
            info.tls["error"] = "the ClientHello is not complete"
            await self._record_failure(info, b"", {})
            return None
        context = self._front.certificates.context(
            info.tls["sni"], info.local[0], asks=self._asks, http2=self._http2
        )
        connection = Connection(info, loop)
        try:
            await self._connected(
                loop, sock, connection, ssl=context, ssl_handshake_timeout=self._limits.greeting_seconds
            )
        except (OSError, TimeoutError) as problem:  # ssl.SSLError is an OSError
            info.tls["error"] = failure(problem)
            await self._record_failure(info, b"", {})
            return None
        connection.describe(info.tls)
        return connection

    async def _record_failure(self, info: ConnectionInfo, raw: bytes, notes: Notes) -> None:
        await self._front.journal.append(
            self._front.sighting(
                trap=self._trap,
                peer=info.peer,
                local=info.local,
                raw=raw,
                size=len(raw),
                connection=info.number,
                tls=info.tls,
                via=info.via,
                notes=notes,
            )
        )

    async def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        """One timer for all deadlines."""
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            now = loop.time()
            for connection in self._streams:
                if connection.deadline < now:
                    connection.expire()


def _spelled(host: str) -> str:
    """One spelling for each address."""
    return str(normal(host)) if ":" in host else host
