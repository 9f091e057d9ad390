"""Traps over TCP: run a `Conversation` on a connection, with limits, TLS, the tee of the exact bytes, the journal."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import ssl
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from listener.evidence import observed
from listener.evidence.reading import Reading
from listener.evidence.sighting import Sighting
from listener.journal.journal import JournalError
from listener.net import acceptor
from listener.net.connection import Connection, ExpiredError
from listener.net.context import TrapContext
from listener.net.networks import Networks
from listener.protocol.candidates import sighting_candidates, text_candidates
from listener.protocol.conversation import Close, Conversation, Record, Send, StartTls, Step, weight
from listener.traps import Trap

log = logging.getLogger(__name__)

_REMEMBERED = 4096
_FAREWELL = 16
"""Bytes: that much has room for every protocol's word of farewell, which nobody needs a record of; a token that stands
behind a command is longer."""
_IN_TURN = 64
"""Steps of one connection after which every other one gets its turn: a quarter of a megabyte may come at once, and hold
as many commands of which nothing is recorded."""


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """What every such trap can be told; a trap's own settings inherit it and give ``bind`` its port."""

    bind: tuple[str, ...] = ()
    """Addresses, ``host:port``."""
    tls: bool = False
    """Whether a ClientHello as the first bytes is answered with TLS; not where the server speaks first."""
    proxy_protocol_from: tuple[str, ...] = ()
    """Networks of proxies whose connections must begin with a PROXY header."""
    connections: int = 1024
    """At a time, altogether."""
    connections_per_source: int = 64
    """At a time, from one address."""
    greeting_seconds: float = 10.0
    """For the PROXY header or the TLS handshake."""
    idle_seconds: float = 60.0
    """Between two things the client says."""
    total_seconds: float = 600.0
    """For a whole connection."""
    linger_seconds: float = 1.0
    """For what a client says behind the end of its conversation."""
    kept_bytes: int = 262_144
    """Raw bytes kept of each sighting; the rest is counted and noted as cut."""
    total_bytes: int = 16_777_216
    """A connection that sends more is closed; so is one whose notes are longer together: a long name shown once stands
    in each of them."""
    total_notes: int = 5000
    """A connection that gives more to record is closed: each takes some 500 bytes of the journal, however short it
    was."""

    def __post_init__(self) -> None:
        Networks(self.proxy_protocol_from)


class StreamTrap(Trap):
    """A trap whose protocol is a `Conversation`. The sub-class names it, its settings and its conversation."""

    conversation: ClassVar[type[Conversation]]

    def __init__(self, settings: StreamSettings, front: TrapContext) -> None:
        super().__init__(settings, front)
        self._acceptor = self._new_acceptor(tls=settings.tls)
        self._served = int.from_bytes(front.identity.challenge(f"served:{self.name}", 2), "big")
        """What this trap counts its conversations by: its own count, begun anywhere, so that it neither repeats after a
        start nor tells how many come to other traps."""

    async def open(self, sockets: list[socket.socket]) -> None:
        self._acceptor.serve(sockets)

    async def close(self) -> None:
        await self._acceptor.close()

    def _new_acceptor(self, *, tls: bool) -> acceptor.Acceptor:
        settings = self.settings
        limits = acceptor.AcceptorLimits(
            settings.connections, settings.connections_per_source, settings.greeting_seconds
        )
        proxies = Networks(settings.proxy_protocol_from)
        return acceptor.Acceptor(self.front, self.name, self._serve, limits=limits, proxies=proxies, tls=tls)

    def next_number(self) -> int:
        """The number that the next conversation may show, one to three above the last, as on a server with others."""
        self._served += 1 + self.front.identity.challenge(f"step:{self.name}:{self._served}", 1)[0] % 3
        return self._served

    def converse(self, number: int) -> Conversation:
        """A fresh conversation, whose ids follow from ``number``."""
        return self.conversation(self.front.identity, number)

    @staticmethod
    def read(sighting: Sighting) -> Reading:
        """What the conversation noted, and every string in it; then every word of the raw bytes."""
        seen = observed.from_notes(sighting.notes)
        if sighting.tls is not None:
            from listener.http.reading import tls_observed

            seen["tls"] = tls_observed(sighting.tls)
        found = sighting_candidates(sighting)
        return Reading(seen, found.all(), found.bounds)

    async def _serve(self, connection: Connection) -> None:
        await _Run(self, connection).converse()


def also(reading: Reading, texts: Sequence[bytes]) -> Reading:
    """``reading``, and what stands in texts that the raw bytes hold in pieces, with a protocol's framing between."""
    if not texts:
        return reading
    more = text_candidates(texts)
    return Reading(reading.observed, {*reading.candidates, *more.all()}, reading.bounds + more.bounds)


class _Run:
    """One connection on its way through a conversation."""

    def __init__(self, trap: StreamTrap, connection: Connection) -> None:
        self._trap, self._connection = trap, connection
        self._conversation = trap.converse(trap.next_number())
        self._conversation.peer, self._conversation.peer_port = connection.info.client
        self._conversation.secure = connection.info.tls is not None
        self._raw = bytearray()
        self._size = self._total = self._notes = self._noted_bytes = 0
        self._over = False
        """Nobody knows any more where messages end: what is noted now is all that there is."""
        self._noted = b""
        """The end of what is on record."""
        self._ends = connection.now() + trap.settings.total_seconds

    async def converse(self) -> None:
        try:
            ended = await self._ended()
            if ended:
                await self._linger()
        except ExpiredError:
            log.debug("%s: a conversation took too long", self._trap.name)
            ended = False
        except JournalError:
            return  # nobody gets an answer that is not on disk
        if self._size > (_FAREWELL if ended else 0):
            self._over = True
            await self._record(Record("unfinished"))

    async def _ended(self) -> bool:
        """Hold the conversation; whether it was ended from here."""
        if not await self._carry_out(self._conversation.greet()):
            return True
        while data := await self._next():
            if not await self._carry_out(self._fed(data)):
                return True
        return False

    async def _linger(self) -> None:
        """What is said behind the end: nobody answers it, and yet it may be bait."""
        room = max(0, self._trap.settings.kept_bytes - len(self._raw))
        # over TLS nobody sees the end before the connection is closed
        plain = self._connection.info.tls is None
        seconds = self._trap.settings.linger_seconds
        late, size = await self._connection.linger(seconds, room, patient=plain)
        if size:  # it may go on with what is on record
            self._raw[:0] = self._noted
            self._size += len(self._noted)
        self._raw += late
        self._size += size

    async def _next(self) -> bytes:
        connection, settings = self._connection, self._trap.settings
        connection.deadline = min(self._ends, connection.now() + settings.idle_seconds)
        data = await connection.read()
        self._size += len(data)
        self._total += len(data)
        self._raw += data[: max(0, settings.kept_bytes - len(self._raw))]
        return data if self._total <= settings.total_bytes else b""

    def _fed(self, data: bytes) -> Iterator[Step]:
        try:
            yield from self._conversation.feed(data)
        except Exception as problem:  # noqa: BLE001  hostile bytes cost the imitation, never the record of them
            self._over = True
            yield Record("unreadable", {"error": type(problem).__name__})
            yield Close()

    async def _carry_out(self, steps: Iterable[Step]) -> bool:
        """Take the steps in order; whether the conversation goes on."""
        connection = self._connection
        for taken, step in enumerate(steps, 1):
            if not taken % _IN_TURN:
                await asyncio.sleep(0)
            match step:
                case Send(data):
                    connection.write(data)
                    with contextlib.suppress(ConnectionError):
                        await connection.drain()  # the next answer is made when the client has taken this one
                case Record():
                    await self._record(step)
                    settings = self._trap.settings
                    if self._notes >= settings.total_notes or self._noted_bytes > settings.total_bytes:
                        return False
                case StartTls(early):
                    if not await self._upgrade(early):
                        return False
                case Close():
                    return False
        connection.deadline = min(self._ends, connection.now() + self._trap.settings.idle_seconds)
        with contextlib.suppress(ConnectionError):  # who has gone may have said more than was read so far
            await connection.drain()
        return True

    async def _upgrade(self, early: bytes) -> bool:
        """Whether TLS is spoken now. A handshake that fails is recorded: the name it asked for may be bait."""
        connection, trap = self._connection, self._trap

        def context(name: str) -> ssl.SSLContext:
            return trap.front.certificates.context(name, connection.info.local[0])

        try:
            await connection.start_tls(context, trap.settings.greeting_seconds, early)
        except OSError:
            await self._record(Record("handshake"))
            return False
        return True

    async def _record(self, note: Record) -> None:
        info, front = self._connection.info, self._trap.front
        raw, size = self._taken()
        self._notes += 1
        self._noted_bytes += weight(note.shown)
        sighting = front.sighting(
            trap=self._trap.name,
            observed_at=self._connection.arrived,
            peer=info.peer,
            local=info.local,
            raw=raw,
            size=size,
            connection=info.number,
            tls=info.tls,
            via=info.via,
            answer=note.what,
            notes={"request": note.what, **note.shown},
        )
        await front.journal.append(sighting)

    def _taken(self) -> tuple[bytes, int]:
        """What came of the message that is noted, and how many bytes it was: what is begun behind it is the next one's,
        so that nothing is cut in two."""
        unread = 0 if self._over else min(self._conversation.unread, self._size)
        kept = max(0, unread - (self._size - len(self._raw)))
        end = len(self._raw) - kept
        raw, size = bytes(self._raw[:end]), self._size - unread
        del self._raw[:end]
        self._size = unread
        self._noted = raw[-_REMEMBERED:]
        return raw, size
