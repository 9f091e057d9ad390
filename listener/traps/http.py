"""The HTTP trap: reads requests exactly as they come, has each on disk, then answers as a persona.

Every request takes the same way: message -> persona's answer -> sighting -> journal -> bytes out. Nothing on it knows
what is bait. Where the journal cannot be written everybody gets the same 503.
"""

from __future__ import annotations

import logging
import socket
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from listener import personas
from listener.evidence.shapes import Notes
from listener.evidence.sighting import Sighting
from listener.http import forwarded, tunnel, wire
from listener.http.nginx_filters import filtered
from listener.http.open_services import OpenServices
from listener.http.response import CONTINUE, Responder
from listener.journal.journal import JournalError
from listener.net import acceptor
from listener.net.connection import Connection
from listener.net.networks import Networks
from listener.personas import Answer
from listener.protocol.host_character import MOST_REQUESTS
from listener.protocol.http2_frames import HTTP2_HEAD
from listener.protocol.nginx_head import origin_form, refused
from listener.protocol.nginx_paths import plain
from listener.traps import _http_bodies as bodies
from listener.traps._complaints import Complaints
from listener.traps._http_back import HttpBack
from listener.traps._http_end import ENDING, behind, drained, switches
from listener.traps._http_opened import conversed, opened, speaks_mqtt
from listener.traps._http_settings import HttpSettings

if TYPE_CHECKING:
    from listener.http.http2_streams import Http2Request
    from listener.net.context import TrapContext
    from listener.traps._http2 import Fields

log = logging.getLogger(__name__)

_ANY = 1 << 128
"""Bytes of a body that is read and dropped; how many are read of one that is passed on, is looked at there."""


class HttpTrap(HttpBack):
    """HTTP/1.0, 1.1 and 2, plain and over TLS on the same port."""

    name = "http"
    Settings = HttpSettings

    def __init__(self, settings: HttpSettings, front: TrapContext) -> None:
        super().__init__(settings, front)
        self._config = settings
        self._services = OpenServices(
            front.identity,
            front.live_kinds,
            by_hand=settings.personas,
            bare_host=front.bare_host,
        )
        self._responder, self._places = Responder(front.identity), front.identity.places
        self._limits = wire.ReadLimits(settings.head_bytes, settings.kept_bytes, settings.body_bytes)
        self._any_body = replace(self._limits, body=_ANY)
        self._proxies = Networks(settings.forwarded_from)
        self._complain = Complaints(log)
        self._acceptor = acceptor.Acceptor(
            front,
            self.name,
            self._converse,
            limits=acceptor.AcceptorLimits(
                settings.connections, settings.connections_per_source, settings.greeting_seconds
            ),
            proxies=Networks(settings.proxy_protocol_from),
            tls=settings.tls,
            asks=settings.client_certificates,
            http2=settings.http2,
        )

    async def open(self, sockets: list[socket.socket]) -> None:
        self._acceptor.serve(sockets)

    async def close(self) -> None:
        await self._acceptor.close()

    async def _converse(self, connection: Connection) -> None:
        """One connection, one request after the other."""
        reader, passes_on = wire.MessageReader(self._any_body), partial(self._passes_on, connection)
        agreed = connection.info.tls is not None and connection.info.tls.get("alpn") == "h2"
        seen, left = agreed and await self._speak_http2(connection, b""), MOST_REQUESTS
        while not agreed:
            message, arrived = await bodies.next_message(
                connection, reader, self._config, passes_on, CONTINUE
            )
            if message is None:
                break
            seen = True
            if message.raw.startswith(HTTP2_HEAD):
                await self._speak_http2(connection, message.raw)
                break
            left -= 1
            message.keep_alive = message.keep_alive and left > 0
            if not await self._answer(connection, reader, message, arrived):
                break
        if not seen and connection.info.tls is not None:
            # A handshake and not a word: the server name alone may be bait.
            await self.front.journal.append(
                self._sighting(connection, wire.RawMessage(), connection.arrived, "", {})
            )

    async def _speak_http2(self, connection: Connection, data: bytes) -> bool:
        from listener.traps._http2 import speak

        config = self._config
        times = config.idle_seconds, config.request_seconds, config.body_wait_seconds
        answering, buffers = partial(self._stream, connection), partial(self._passes_on, connection)
        return await speak(connection, data, self._limits, times, answering, buffers)

    def _passes_on(self, connection: Connection, message: wire.RawMessage) -> bool:
        """Whether the host reads the body of ``message`` and passes it on before anything is answered, as to a server
        behind it."""
        answer = self._reply(connection, message, connection.arrived, {})
        if answer.name.startswith("error "):
            return False
        if not answer.name.startswith("page ") or switches(message, answer):
            return True
        target = origin_form(message.target)
        return not self._services.alone(self._request(connection, message, connection.arrived, target))

    def _gives_leave(self, connection: Connection, message: wire.RawMessage, answer: Answer) -> bool:
        """Whether the client is told to send its body before it is answered: not by a refusal."""
        if not bodies.asks_leave(message) or message.status == 413:
            return False
        if message.error:  # that of the body was found behind it
            answer = self._reply(connection, message, connection.arrived, {})
        return not answer.name.startswith("error ") and (
            answer.name.endswith(" 200") or self._passes_on(connection, message)
        )

    async def _stream(self, connection: Connection, request: Http2Request) -> tuple[int, Fields, bytes]:
        """Record one request of HTTP/2; its answer."""
        message, arrived = request.message, connection.arrived
        notes: Notes = {"http2_stream": request.stream, "http2_frames": request.frames.hex()}
        answer = self._said(connection, message, arrived, notes) or self._responder.error(400)
        try:
            await self.front.journal.append(self._sighting(connection, message, arrived, answer.name, notes))
        except JournalError as problem:
            self._complain("journal", problem.sentence)
            answer = self._responder.error(503)
        return answer.status, self._responder.fields(answer), b"" if request.head_only else answer.body

    async def _answer(
        self, connection: Connection, reader: wire.MessageReader, message: wire.RawMessage, arrived: int
    ) -> bool:
        """Record, then answer; whether the connection goes on."""
        notes: Notes = {}
        answer = self._said(connection, message, arrived, notes)
        sighting = self._sighting(connection, message, arrived, answer.name if answer else "", notes)
        keep_alive = message.keep_alive and answer is not None and answer.name not in ENDING
        try:
            await self.front.journal.append(sighting)
        except JournalError as problem:
            self._complain("journal", problem.sentence)
            answer, keep_alive = self._responder.error(503), False
        if answer is None:
            return False
        if message.method == "CONNECT" and answer.status == 200 and answer.name.startswith("proxy "):
            connection.write(tunnel.ESTABLISHED)
            await self._opened(connection, reader.rest(), message, arrived)
            return False
        if switching := switches(message, answer):
            connection.write(self._responder.switched(switching))
            await self._opened(connection, reader.rest(), message, arrived, mqtt=speaks_mqtt(switching))
            return False
        head = message.method == "HEAD"
        said = self._responder.render(answer, head_only=head, version=message.version, keep_alive=keep_alive)
        connection.write(CONTINUE + said if self._gives_leave(connection, message, answer) else said)
        if reader.pending is not None:
            if answer.name == "error 400" or (
                message.status == 413 and b"transfer-encoding" in message.fields
            ):
                connection.end()  # nobody looks for the end of its body
            late, whole = await bodies.rest(connection, reader, message)
            if late is not None:
                await self.front.journal.append(self._sighting(connection, late, arrived, "", {}))
            if not whole:
                return False
        if keep_alive:
            await drained(connection, self._config.request_seconds)
        elif rest := await behind(
            connection, reader, message, self._config.linger_seconds, self._limits.kept
        ):
            await self.front.journal.append(self._sighting(connection, rest, connection.arrived, "", {}))
        return keep_alive

    async def _opened(
        self,
        connection: Connection,
        begun: bytes,
        message: wire.RawMessage,
        arrived: int,
        *,
        mqtt: bool = False,
    ) -> None:
        """Record what comes through a tunnel or in another protocol that is granted."""

        async def record(name: str, notes: Notes) -> None:
            at = connection.arrived if mqtt else arrived
            await self.front.journal.append(self._sighting(connection, message, at, name, notes))

        if mqtt:
            await conversed(connection, begun, message, self.front.identity, record)
        else:
            seconds = self._config.greeting_seconds, self._config.linger_seconds
            await opened(connection, begun, message, seconds, record)

    def _sighting(
        self, connection: Connection, message: wire.RawMessage, arrived: int, answer: str, notes: Notes
    ) -> Sighting:
        info = connection.info
        via = info.via
        if self._proxies and message.headers:
            header = self._config.forwarded_header.lower()
            via = forwarded.via(message.headers, header, self._proxies, info.client) or via
        return self.front.sighting(
            trap=self.name,
            observed_at=arrived,
            peer=info.peer,
            local=info.local,
            raw=message.raw,
            size=message.size,
            connection=info.number,
            tls=info.tls,
            via=via,
            answer=answer,
            notes=notes,
        )

    def _said(
        self, connection: Connection, message: wire.RawMessage, arrived: int, notes: Notes
    ) -> Answer | None:
        """What is answered; None for a request that was cut off, where nothing is. The host's own pages do not depend
        on a body, so what is wrong with that changes nothing of them."""
        if not message.error:
            return self._reply(connection, message, arrived, notes)
        notes["error"] = message.error
        if message.fields is not None and message.status != 413 and not self._passes_on(connection, message):
            answer = self._reply(connection, message, arrived, notes)
            if not message.status or not answer.name.endswith(
                " 200"
            ):  # a page that is there drops the body first
                return answer
        return self._responder.error(message.status) if message.status else None

    def _reply(self, connection: Connection, message: wire.RawMessage, arrived: int, notes: Notes) -> Answer:
        """The answer of the first persona that claims the request; what no server would look at is refused."""
        fields, target = message.fields, origin_form(message.target)
        status = refused(message.method, target, message.version, message.headers, fields)
        answer = (
            self._responder.error(status)
            if status
            else self._served(connection, message, arrived, target, notes)
        )
        if status and status != 405 and (status == 414 or plain(target) is None):
            return answer  # before any header is looked at
        return filtered(answer, message.method, message.version, fields, self._responder.host)

    def _served(
        self, connection: Connection, message: wire.RawMessage, arrived: int, target: bytes, notes: Notes
    ) -> Answer:
        request = self._request(connection, message, arrived, target)
        for persona in self._services.to_ask(request):
            try:
                if persona.claims(request):
                    answer = persona.answer(request)
                    name = f"{answer.name} {answer.status}" if answer.name else f"{answer.status}"
                    return Answer(answer.status, answer.headers, answer.body, f"{persona.name} {name}")
            except Exception as problem:  # noqa: BLE001  its mistake costs its imitation, never the hit
                self._complain(persona.name, f"the persona {persona.name} failed: {type(problem).__name__}")
                notes["persona_failed"] = f"{persona.name}: {type(problem).__name__}"
        return self._responder.error(404)

    def _request(
        self, connection: Connection, message: wire.RawMessage, arrived: int, target: bytes
    ) -> personas.Request:
        tls = connection.info.tls
        return personas.Request(
            message.method,
            target,
            message.headers,
            message.body,
            tls=tls is not None,
            at=arrived,
            certificate=tls.get("client_cert", b"") if tls else b"",
            proxied=target is not message.target or message.method == "CONNECT",
            places=self._places,
            fields=message.fields,
        )
