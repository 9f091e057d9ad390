"""One TCP connection as a conversation: bytes are pulled, time limits and back-pressure are kept.

A plain or TLS transport pushes into the `Connection`; the trap's coroutine pulls out of it. There is one timer for all
streams (`listener.net.acceptor` looks at their deadlines), none per read.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from canaries.core import clock
from listener.evidence.shapes import TlsHandshake, Via
from listener.net import client_hello, ja4
from listener.net.peek import PEEK_LIMIT
from listener.net.tls import Tls

log = logging.getLogger(__name__)

_HIGH_WATER = 262_144
"""Unread bytes at which the kernel, and so the client, is made to wait."""

_LINGERED = 8 << 20
"""Bytes that are read at most behind the last answer."""
_FLUSH_SECONDS = 5.0


class ExpiredError(Exception):
    """The deadline has passed."""


@dataclass(slots=True)
class ConnectionInfo:
    """Who connected: what is known before the first byte of the conversation."""

    number: int
    """Counts the front's connections from 1."""
    peer: tuple[str, int]
    """Address and port of the TCP peer."""
    local: tuple[str, int]
    tls: TlsHandshake | None = None
    """As in `listener.evidence.sighting.Sighting`."""
    via: Via | None = None
    """What a configured proxy said by PROXY protocol; as in `Sighting`."""

    @property
    def client(self) -> tuple[str, int]:
        """The peer, or whom the configured proxy named in its place."""
        if self.via and self.via.get("client"):
            ip, port = self.via["client"]
            return str(ip), int(port)
        return self.peer


class Connection(asyncio.Protocol):
    """The bytes of one connection."""

    def __init__(self, info: ConnectionInfo, loop: asyncio.AbstractEventLoop) -> None:
        self.info = info
        self.arrived = clock.micros()
        """When the last bytes came, microseconds since the epoch."""
        self.deadline = float("inf")
        """Loop time at which reading and draining give up. The trap sets it as the conversation goes."""
        self.said = 0
        """Bytes that came, as they came over the wire."""
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._received: list[bytes] = []
        self._unread = 0
        self._paused = False
        self._ended = False
        self._lost: BaseException | None = None
        self._expired = False
        self._waiter: asyncio.Future[None] | None = None
        self._drained: asyncio.Future[None] | None = None
        self._tls: Tls | None = None
        """Where TLS began in the middle of the conversation; else the transport does it."""

    # What the transport calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.arrived = clock.micros()
        self.said += len(data)
        self._open(data)
        if self._unread > _HIGH_WATER and not self._paused and self._transport is not None:
            self._transport.pause_reading()
            self._paused = True
        self._wake()

    def eof_received(self) -> bool:
        self._ended = True
        self._wake()
        # a half-closed plain connection still gets its answer; TLS has no such thing
        return self.info.tls is None

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._lost = exc or ConnectionResetError("the client has gone")
        self._wake()
        self._settle()

    def pause_writing(self) -> None:
        self._drained = self._loop.create_future()

    def resume_writing(self) -> None:
        self._settle()

    # What the trap calls.

    @property
    def transport(self) -> asyncio.Transport:
        """The transport under this stream."""
        if self._transport is None:
            raise RuntimeError("not connected")
        return self._transport

    def now(self) -> float:
        """Loop time, in which `deadline` is given."""
        return self._loop.time()

    async def read(self) -> bytes:
        """What came since the last call, at least one byte; empty at the end. Raises ExpiredError."""
        # a part of a TLS record wakes whoever waits, and says nothing yet
        while not self._received and not self._ended and not self._expired:
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if self._received:
            data = self._received[0] if len(self._received) == 1 else b"".join(self._received)
            self._received.clear()
            self._unread = 0
            if self._paused and self._lost is None:
                self.transport.resume_reading()
                self._paused = False
            return data
        if self._expired and not self._ended:
            raise ExpiredError
        return b""

    def write(self, data: bytes) -> None:
        """Send; never blocks, never raises: a client that has gone misses what is sent to it."""
        if self._lost is None and not self.transport.is_closing():
            self.transport.write(self._tls.sealed(data) if self._tls else data)

    async def drain(self) -> None:
        """Wait until the client has taken most of what was written. Raises ExpiredError, ConnectionError."""
        if self._drained is not None:
            await self._drained
        if self._lost is not None:
            raise ConnectionResetError("the client has gone")
        if self._expired:
            raise ExpiredError

    async def start_tls(
        self, context: Callable[[str], ssl.SSLContext], seconds: float, early: bytes = b""
    ) -> None:
        """Speak TLS from here on, with the context for the name that is asked for.

        ``early`` is what of the handshake has been read already. What else came in clear behind the command that asked
        for TLS is dropped (RFC 3207, section 4.2): nothing a man in the middle wrote counts as said inside. Raises
        OSError where the handshake fails; ``info.tls`` tells then, and after success, what there is to tell.
        """
        if not early:
            self._received.clear()
            self._unread = 0
        self.deadline = self.now() + seconds
        tls = self.info.tls = TlsHandshake(sni="")
        try:
            data = early
            while (end := _length(data)) is None:
                data += await self._more()
            greeting = ja4.parse(data[:end])
            tls["hello"], tls["sni"] = data[:end], greeting.sni if greeting else ""
            await self._shake(Tls(context(tls["sni"])), data)
        except (OSError, ExpiredError) as problem:
            tls["error"] = failure(problem)
            raise problem if isinstance(problem, OSError) else TimeoutError from None
        self.describe(tls)

    async def _more(self) -> bytes:
        data = await self.read()
        if not data:
            raise ConnectionAbortedError("the client has gone")
        return data

    async def _shake(self, tls: Tls, data: bytes) -> None:
        while True:
            try:
                done = tls.shake(data)
            finally:
                self.write(tls.outgoing())
            if done:
                break
            data = await self._more()
        self._tls = tls
        self._open(b"")  # what came behind the handshake

    def _open(self, data: bytes) -> None:
        """Records have come."""
        if self._tls is None:
            plain = data
        else:
            try:
                plain, ended = self._tls.opened(data)
            except ssl.SSLError as problem:
                log.debug("records that cannot be opened: %s", problem.reason)
                plain, ended = b"", True
            self._ended = self._ended or ended
        if plain:
            self._received.append(plain)
            self._unread += len(plain)

    def describe(self, tls: TlsHandshake) -> None:
        """Add what a finished handshake has settled: version, cipher, ALPN, the client's certificate."""
        session = self._tls.session if self._tls else self.transport.get_extra_info("ssl_object")
        cipher = session.cipher()
        tls["version"], tls["cipher"] = session.version() or "", cipher[0] if cipher else ""
        tls["alpn"] = session.selected_alpn_protocol() or ""
        certificate = session.getpeercert(binary_form=True)
        if certificate:
            tls["client_cert"] = certificate

    def end(self) -> None:
        """Nothing more will be written: the client sees the end once it has taken what was (not over TLS)."""
        if self._tls is not None or self._lost is not None or self.transport.is_closing():
            return
        if self.transport.can_write_eof():
            self.transport.write_eof()

    async def linger(self, seconds: float, kept: int, *, patient: bool = True) -> tuple[bytes, int]:
        """End, and read on: closing with bytes unread would reset the answer away (RFC 9112, section 9.6). What came,
        at most ``kept`` bytes, and how much it was. Not ``patient``: only what has come already."""
        late, size = bytearray(), 0
        ends = self.deadline = min(self.deadline, self.now() + seconds)
        self.end()
        with contextlib.suppress(ExpiredError):
            while (patient or self._received) and size < _LINGERED and self.now() < ends:
                data = await self.read()  # some never stop sending
                if not data:
                    break
                late += data[: max(0, kept - len(late))]
                size += len(data)
        return bytes(late), size

    def close(self) -> None:
        """Send what is written, then close; a client that does not take it within a moment is cut off."""
        if self._transport is None or self._lost is not None or self._transport.is_closing():
            return  # a TLS transport that is closed twice has forgotten its buffer
        if self._tls is not None:
            self._transport.write(self._tls.closing())
        self._transport.close()
        if self._transport.get_write_buffer_size():
            self._loop.call_later(_FLUSH_SECONDS, self._transport.abort)

    def abort(self) -> None:
        """Close at once, whatever is written."""
        if self._transport is not None:
            self._transport.abort()

    def expire(self) -> None:
        """The deadline has passed: whoever reads or drains gets ExpiredError."""
        self._expired = True
        self._wake()
        self._settle()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _settle(self) -> None:
        if self._drained is not None:
            if not self._drained.done():
                self._drained.set_result(None)
            self._drained = None


def failure(problem: Exception) -> str:
    """Why a handshake failed: OpenSSL's reason, else the error's name."""
    reason = problem.reason if isinstance(problem, ssl.SSLError) else None
    return reason or type(problem).__name__


def _length(data: bytes) -> int | None:
    """Where the ClientHello ends, None where more is needed; where it is none, all of it is for OpenSSL to refuse."""
    try:
        end = client_hello.length(data)
    except client_hello.HelloError:
        return len(data)
    return len(data) if end is None and len(data) > PEEK_LIMIT else end
