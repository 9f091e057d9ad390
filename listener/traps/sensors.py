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
from listener.sensors import sms
from listener.sensors.announcement import parse_announcement
from listener.sensors.keys import RefusedReportError, signer_of
from listener.sensors.report import LARGEST, client_of, parse_report, sighting_id
from listener.sensors.sms import TextMessage
from listener.traps import Trap

if TYPE_CHECKING:
    from listener.net.context import TrapContext

_REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    503: "Service Unavailable",
}
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
    two_people: bool = False
    """Whether an announced send waits for the approval of another operator (``trapline sends approve``)."""
    public_url: str = ""
    """How providers of text messages reach this: ``https://sms.example.net``, the part of the URL before the path."""
    twilio_token: str = ""
    """The account's auth token, with which Twilio signs what it posts to ``/sms/twilio``; empty: refused."""
    vonage_secret: str = ""
    """The signature secret, with which Vonage signs what it posts to ``/sms/vonage``; empty: refused."""
    idle_seconds: float = 60.0
    """A connection without a report is closed."""


class SensorsTrap(Trap):
    """Takes reports of sensors that have a key."""

    name = "sensors"
    baited, local = False, True
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
            xml = message.target.startswith(b"/sms/twilio")
            connection.write(_answer(status, said, keep_alive=message.keep_alive, xml=xml))
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
        if message.method != "POST":
            raise RefusedReportError(404, "POST it to /report or /sends")
        if path.startswith("/sms/"):
            text = self._text_message(message, path)
            sensor, its_id, answer, client = text.provider, text.id, "sms 200", ("", 0)
            notes |= {"message": text.text, "sender": text.sender, "number": text.number}
        elif path == "/sends":
            sensor = signer_of(self.front.sensors, _header(message, b"authorization"), path, message.body)
            its_id, answer, client = parse_announcement(message.body).id, "send 200", ("", 0)
        elif path == "/report":
            sensor = signer_of(self.front.sensors, _header(message, b"authorization"), path, message.body)
            report = parse_report(message.body)
            its_id, answer, client = report.id, "report 200", client_of(report)
        else:
            raise RefusedReportError(404, "POST it to /report or /sends")
        via, info = Via(how="sensor", chain=[sensor]), connection.info
        if client[0]:
            via["client"] = [*client]
        notes["sensor"] = sensor
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
            answer=answer,
            notes=notes,
        )
        await self.front.journal.append(msgspec.structs.replace(seen, id=sighting_id(sensor, its_id)))

    def _text_message(self, message: wire.RawMessage, path: str) -> TextMessage:
        """What a provider says came to a number of the operator's. Raises RefusedReportError."""
        told = self._config
        if path == "/sms/vonage":
            return sms.vonage(told.vonage_secret, _header(message, b"authorization"), message.body)
        if path.partition("?")[0] == "/sms/twilio":
            signature = _header(message, b"x-twilio-signature")
            return sms.twilio(told.twilio_token, told.public_url + path, signature, message.body)
        raise RefusedReportError(404, "text messages come to /sms/twilio or /sms/vonage")


def _header(message: wire.RawMessage, wanted: bytes) -> str:
    for name, value in message.headers:
        if name.lower() == wanted:
            return value.decode("latin-1")
    return ""


def _answer(status: int, said: str, *, keep_alive: bool, xml: bool) -> bytes:
    """``xml``: what Twilio takes for "nothing to say"."""
    body = json.dumps({"ok" if status == 200 else "error": said}).encode()
    media = "application/json"
    if xml and status == 200:
        body, media = b"<Response/>", "text/xml"
    lines = [
        f"HTTP/1.1 {status} {_REASONS[status]}",
        f"Content-Type: {media}",
        f"Content-Length: {len(body)}",
        f"Connection: {'keep-alive' if keep_alive else 'close'}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
