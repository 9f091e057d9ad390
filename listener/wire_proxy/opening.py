"""How a proxied connection begins: TLS on both sides, and not one byte of a password read.

What the proxy itself says: its answer to a request for TLS, its own request to the server, for MySQL the greeting
(`listener.wire_proxy.mysql_greeting`), and a refusal in the protocol's form. All else passes.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import Protocol

from listener.protocol.postgres_messages import message, texts
from listener.wire_proxy import legs, mysql_greeting, postgres_values
from listener.wire_proxy.frames import WireError
from listener.wire_proxy.legs import Leg, RawLeg
from listener.wire_proxy.mysql_greeting import NumberShift
from listener.wire_proxy.proxy_settings import ProxySettings

_SSL, _GSS, _CANCEL = 80877103, 80877104, 80877102
_TLS_RECORD = 0x16
"""The first byte of TLS that begins at once (libpq's ``sslnegotiation=direct``)."""
_LONGEST_START = 65_536
_MOST_REQUESTS = 4


class RefusedConnectionError(Exception):
    """The proxy does not let a connection through; ``said`` goes to the client, in its protocol."""

    def __init__(self, why: str, said: bytes = b"") -> None:
        super().__init__(why)
        self.said = said


class _Bytes(Protocol):
    async def exactly(self, count: int) -> bytes: ...

    async def send(self, data: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class Opened:
    """Both sides, up to where the client has said who it is."""

    client: Leg
    server: RawLeg
    """As a stream."""
    start: bytes
    """Its first message: StartupMessage behind its length, or HandshakeResponse; empty: there is nothing to read
    (a request to cancel)."""
    shift: NumberShift


@dataclass(frozen=True, slots=True)
class Door:
    """What opening takes."""

    settings: ProxySettings
    client_tls: ssl.SSLContext | None
    server_tls: ssl.SSLContext | None

    @property
    def server_name(self) -> str:
        """In its certificate."""
        return self.settings.server_name or self.settings.server.rpartition(":")[0].strip("[]")

    @property
    def needs_tls(self) -> bool:
        """Whether a client without TLS is refused."""
        return self.client_tls is not None and not self.settings.plain


async def open_postgres(raw: RawLeg, door: Door) -> Opened:
    """Raises RefusedConnectionError, WireError, OSError, EOFError."""
    client, start = await _postgres_client(raw, door)
    code = postgres_values.version(start)
    if code != _CANCEL and code >> 16 != 3:
        raise RefusedConnectionError(
            "a protocol of other days", fatal("0A000", "the proxy speaks protocol 3")
        )
    try:
        server = await _postgres_server(door, (len(start) + 4).to_bytes(4, "big") + start)
    except OSError as error:
        raise RefusedConnectionError(
            f"the server is away: {error}", fatal("57P03", "the server cannot be reached")
        ) from error
    return Opened(client, server, b"" if code == _CANCEL else start, NumberShift(0))


async def _postgres_client(raw: RawLeg, door: Door) -> tuple[Leg, bytes]:
    """(the client's side, its StartupMessage or CancelRequest behind the length)."""
    secure = False
    if await raw.peek() == _TLS_RECORD and door.client_tls is not None:
        leg = await legs.accepted(raw, door.client_tls)
        return leg, await _start(leg)
    for _ in range(_MOST_REQUESTS):
        start = await _start(raw)
        code = postgres_values.version(start)
        if code not in (_SSL, _GSS):
            break
        secure = code == _SSL and door.client_tls is not None
        await raw.send(b"S" if secure else b"N")
        if secure:
            leg = await legs.accepted(raw, door.client_tls)
            return leg, await _start(leg)
    else:
        raise WireError("it asks and asks")
    if door.needs_tls and code != _CANCEL:
        raise RefusedConnectionError("without TLS", fatal("28000", "the proxy asks for TLS: sslmode=require"))
    return await legs.accepted(raw, None), start


async def _start(source: _Bytes) -> bytes:
    """A message without a type, behind its length."""
    length = int.from_bytes(await source.exactly(4), "big")
    if not 8 <= length <= _LONGEST_START:
        raise WireError("no StartupMessage")
    return await source.exactly(length - 4)


async def _postgres_server(door: Door, start: bytes) -> RawLeg:
    raw = await legs.dialled(door.settings.server)
    try:
        if door.server_tls is not None:
            await _ask_for_tls(raw)
        await (await legs.joined(raw, door.server_tls, door.server_name)).send(start)
    except BaseException:
        await raw.close()
        raise
    return raw


async def _ask_for_tls(raw: RawLeg) -> None:
    """Raises ConnectionError where the server does not speak it."""
    await raw.send((8).to_bytes(4, "big") + _SSL.to_bytes(4, "big"))
    if await raw.exactly(1) != b"S":
        raise ConnectionRefusedError("it speaks no TLS")


async def open_mysql(raw: RawLeg, door: Door) -> Opened:
    """Raises RefusedConnectionError, WireError, OSError, EOFError."""
    try:
        server = await legs.dialled(door.settings.server)
    except OSError as error:
        said = b"\xff\xd3\x07#HY000the server cannot be reached"
        raise RefusedConnectionError(
            f"the server is away: {error}", mysql_greeting.packet(0, said)
        ) from error
    try:
        await raw.send(_greeting(*await _packet(server), door))
        client, body = await _mysql_client(raw, door)
        there = door.server_tls is not None
        if there:
            await server.send(mysql_greeting.packet(1, mysql_greeting.tls_request(body)))
        stream = await legs.joined(server, door.server_tls, door.server_name)
        await stream.send(mysql_greeting.packet(1 + there, mysql_greeting.response(body, tls=there)))
    except BaseException:
        await server.close()
        raise
    return Opened(client, server, body, NumberShift(there - (client.tls is not None)))


def _greeting(number: int, body: bytes, door: Door) -> bytes:
    """The server's first packet, for the client. Raises RefusedConnectionError, WireError."""
    if body[:1] == b"\xff":
        raise RefusedConnectionError("the server refuses it", mysql_greeting.packet(number, body))
    changed, spoken = mysql_greeting.greeting(body, tls=door.client_tls is not None)
    if door.server_tls is not None and not spoken:
        raise RefusedConnectionError("the server speaks no TLS")
    return mysql_greeting.packet(number, changed)


async def _mysql_client(raw: RawLeg, door: Door) -> tuple[Leg, bytes]:
    """(the client's side, its HandshakeResponse)."""
    number, body = await _packet(raw)
    if mysql_greeting.wants_tls(body):
        if door.client_tls is None:
            raise WireError("it asks for TLS, which was not offered")
        client = await legs.accepted(raw, door.client_tls)
        return client, (await _packet(client))[1]
    if door.needs_tls:
        raise RefusedConnectionError("without TLS", mysql_greeting.packet(number + 1, mysql_greeting.NO_TLS))
    return await legs.accepted(raw, None), body


async def _packet(source: _Bytes) -> tuple[int, bytes]:
    head = await source.exactly(4)
    length = int.from_bytes(head[:3], "little")
    if length > _LONGEST_START:
        raise WireError("so long a packet does not begin a connection")
    return head[3], await source.exactly(length)


def fatal(code: str, text: str) -> bytes:
    """ErrorResponse of PostgreSQL."""
    fields = {"S": "FATAL", "V": "FATAL", "C": code, "M": text}
    return message(b"E", b"".join(texts(name + value) for name, value in fields.items()) + b"\0")
