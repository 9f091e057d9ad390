"""Where sensors report: the operator's own programs, each with its key, over HTTP or a Unix socket of this machine.

No bait leads here, and it imitates nothing. What a sensor signed is on disk before it is answered; what nobody signed
is refused and not kept. A report is recognised in the back, as what any trap saw.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from listener.evidence.reading import Reading
from listener.evidence.shapes import Notes, Via
from listener.evidence.sighting import Sighting
from listener.http import wire
from listener.journal.journal import JournalError
from listener.net.acceptor import Acceptor, AcceptorLimits
from listener.net.connection import Connection, ExpiredError
from listener.net.networks import Networks
from listener.net.unix_acceptor import UnixAcceptor
from listener.sensors.keys import RefusedReportError, signer_of
from listener.sensors.report import LARGEST, client_of, parse_report, sighting_id
from listener.traps import Trap

if TYPE_CHECKING:
    from listener.net.context import TrapContext

_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 503: "Service Unavailable"}
_HEAD = 16_384


@dataclass(frozen=True, slots=True)
class SensorsSettings:
    """``[traps.sensors]``."""

    bind: tuple[str, ...] = ("127.0.0.1:9797",)
    """Addresses, and Unix sockets as ``unix:/run/trapline/sensors.sock``. TLS and plain HTTP are told apart by the
    first byte."""
    tls: bool = True
    """Whether TLS is spoken at all."""
    connections: int = 256
    """At a time, altogether."""
    connections_per_source: int = 64
    """At a time, from one address."""
    greeting_seconds: float = 10.0
    """A connection that says nothing, or ends no TLS handshake, is closed."""
    idle_seconds: float = 60.0
    """A connection without a report is closed."""


class SensorsTrap(Trap):
    """Takes reports of sensors that have a key."""

    name = "sensors"
    baited = False
    Settings = SensorsSettings

    def __init__(self, settings: SensorsSettings, front: TrapContext) -> None:
        super().__init__(settings, front)
        self._config = settings
        self._limits = wire.ReadLimits(_HEAD, _HEAD + LARGEST, LARGEST)
        limits = AcceptorLimits(
            settings.connections, settings.connections_per_source, settings.greeting_seconds
        )
        self._acceptor = Acceptor(
            front, self.name, self._converse, limits=limits, proxies=Networks(()), tls=settings.tls
        )
        self._local = UnixAcceptor(
            front, self._converse_here, total=settings.connections, seconds=settings.idle_seconds
        )

    async def open(self, sockets: list[socket.socket]) -> None:
        local = [one for one in sockets if one.family == socket.AF_UNIX]
        self._local.serve(local)
        self._acceptor.serve([one for one in sockets if one not in local])

    async def close(self) -> None:
        await self._local.close()
        await self._acceptor.close()

    @staticmethod
    def read(sighting: Sighting) -> Reading:
        from listener.sensors.reading import read_report

        return read_report(sighting)

    async def _converse(self, connection: Connection) -> None:
        await self._talk(connection, {}, "tcp")

    async def _converse_here(self, connection: Connection, peer: dict[str, int]) -> None:
        await self._talk(connection, {f"peer_{name}": number for name, number in peer.items()}, "unix")

    async def _talk(self, connection: Connection, notes: Mapping[str, object], transport: str) -> None:
        """One report after the other."""
        reader = wire.MessageReader(self._limits)
        while message := await self._next(connection, reader):
            try:
                await self._take(connection, message, dict(notes), transport)
                status, said = 200, "recorded"
            except RefusedReportError as refused:
                self.front.count(self.name, "refused")
                status, said = refused.status, refused.sentence
            except JournalError:
                status, said = 503, "it cannot be recorded now: send it again"
            connection.write(_answer(status, said, keep_alive=message.keep_alive))
            if not message.keep_alive:
                connection.end()
                return

    async def _next(self, connection: Connection, reader: wire.MessageReader) -> wire.RawMessage | None:
        connection.deadline = connection.now() + self._config.idle_seconds
        while (message := reader.next()) is None:
            try:
                data = await connection.read()
            except ExpiredError:
                return None
            if not data:
                return None
            reader.feed(data)
        return message

    async def _take(
        self, connection: Connection, message: wire.RawMessage, notes: Notes, transport: str
    ) -> None:
        """Put the report on disk. Raises RefusedReportError, JournalError."""
        if message.error:
            raise RefusedReportError(400, f"this is no request: {message.error}")
        path = message.target.decode("latin-1")
        if message.method != "POST" or path != "/report":
            raise RefusedReportError(404, "POST it to /report")
        sensor = signer_of(self.front.sensors, _authorization(message), path, message.body)
        report, info = parse_report(message.body), connection.info
        notes["sensor"] = sensor
        via, client = Via(how="sensor", chain=[sensor]), client_of(report)
        if client:
            via["client"] = [client, 0]
        seen = self.front.sighting(
            trap=self.name,
            peer=info.peer,
            local=info.local,
            raw=message.raw,
            size=message.size,
            connection=info.number,
            observed_at=connection.arrived,
            transport=transport,
            tls=info.tls,
            via=via,
            answer="report 200",
            notes=notes,
        )
        await self.front.journal.append(msgspec.structs.replace(seen, id=sighting_id(sensor, report.id)))


def _authorization(message: wire.RawMessage) -> str:
    for name, value in message.headers:
        if name.lower() == b"authorization":
            return value.decode("latin-1")
    return ""


def _answer(status: int, said: str, *, keep_alive: bool) -> bytes:
    body = json.dumps({"ok" if status == 200 else "error": said}).encode()
    lines = [
        f"HTTP/1.1 {status} {_REASONS[status]}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"Connection: {'keep-alive' if keep_alive else 'close'}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
