"""The two connections of a proxied one: read byte by byte until it is clear whether TLS follows, then as streams."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import socket
import ssl
from dataclasses import dataclass
from typing import Any

from listener.net.sockets import UNIX, parse_address

LIMIT = 1 << 18
"""Bytes that wait in a stream before its sender is held."""
_CLOSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Leg:
    """One side, as streams."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def exactly(self, count: int) -> bytes:
        """The next bytes. Raises EOFError."""
        return await self.reader.readexactly(count)

    async def send(self, data: bytes) -> None:
        """All of it."""
        self.writer.write(data)
        await self.writer.drain()

    @property
    def tls(self) -> ssl.SSLObject | None:
        found: ssl.SSLObject | None = self.writer.get_extra_info("ssl_object")
        return found

    def certificate(self) -> tuple[str, str]:
        """(name, SHA-256) of the certificate that the other side proved to have; both empty where there is none."""
        session = self.tls
        raw = session.getpeercert(binary_form=True) if session is not None else None
        if session is None or raw is None:
            return "", ""
        said: dict[str, Any] = session.getpeercert() or {}
        names = [value for parts in said.get("subject", ()) for name, value in parts if name == "commonName"]
        names += [value for kind, value in said.get("subjectAltName", ()) if kind in ("email", "DNS")]
        return (str(names[0]) if names else "without a name"), hashlib.sha256(raw).hexdigest()


class RawLeg:
    """A socket of which not a byte is read too many: what follows may be TLS. Raises ConnectionError at its end."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.leg: Leg | None = None
        """Once it is a stream, through which it is written to and closed from then on."""
        self._loop = asyncio.get_running_loop()

    async def exactly(self, count: int) -> bytes:
        """The next bytes."""
        found = b""
        while len(found) < count:
            part = await self._loop.sock_recv(self.sock, count - len(found))
            if not part:
                raise ConnectionResetError("it was closed")
            found += part
        return found

    async def peek(self) -> int:
        """The next byte, which stays there."""
        ready = asyncio.Event()
        self._loop.add_reader(self.sock.fileno(), ready.set)
        try:
            await ready.wait()
        finally:
            self._loop.remove_reader(self.sock.fileno())
        first = self.sock.recv(1, socket.MSG_PEEK)
        if not first:
            raise ConnectionResetError("it was closed")
        return first[0]

    async def send(self, data: bytes) -> None:
        """All of it."""
        await self._loop.sock_sendall(self.sock, data)

    async def close(self) -> None:
        """What was written goes out first, within a bounded time."""
        if self.leg is None:
            self.sock.close()
            return
        self.leg.writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            await asyncio.wait_for(self.leg.writer.wait_closed(), _CLOSE_SECONDS)


async def accepted(raw: RawLeg, tls: ssl.SSLContext | None) -> Leg:
    """The client's side. Raises OSError."""
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader(LIMIT)
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await loop.connect_accepted_socket(lambda: protocol, raw.sock, ssl=tls)
    raw.leg = Leg(reader, asyncio.StreamWriter(transport, protocol, reader, loop))
    return raw.leg


async def dialled(address: str) -> RawLeg:
    """A connection to the server. Raises OSError."""
    loop = asyncio.get_running_loop()
    if address.startswith(UNIX):
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        where: object = address.removeprefix(UNIX)
    else:
        host, port = parse_address(address, "server")
        family, kind, _, _, where = (await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM))[0]
        sock = socket.socket(family, kind)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setblocking(False)
    try:
        await loop.sock_connect(sock, where)  # type: ignore[arg-type]
    except BaseException:
        sock.close()
        raise
    return RawLeg(sock)


async def joined(raw: RawLeg, tls: ssl.SSLContext | None, name: str) -> Leg:
    """The server's side; ``name``: in its certificate. Raises OSError."""
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader(LIMIT)
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await loop.create_connection(
        lambda: protocol, sock=raw.sock, ssl=tls, server_hostname=name if tls is not None else None
    )
    raw.leg = Leg(reader, asyncio.StreamWriter(transport, protocol, reader, loop))
    return raw.leg
