"""A wire protocol as a conversation of bytes, with no socket in sight, and what runs it for a trap.

A `Conversation` is fed what came and says what happens next, as steps in order:

    Say(bytes)           send this
    Note(what, shown)    something worth recording happened: it is on disk before the next step is taken
    StartTls()           speak TLS from here on (STARTTLS and its like)
    Close()              end the connection

So "recorded before answered" is the order of two steps, and a test of a protocol is the conversation itself: bytes in,
steps out, no clock, no network. `StreamTrap` does the rest: limits, TLS, the tee of the exact bytes, the journal. A
conversation that raises on hostile bytes costs its own imitation: the bytes are recorded, the connection is closed.
"""

from __future__ import annotations

import logging
import socket
import ssl
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from listener.gate import door
from listener.gate.networks import Networks
from listener.gate.stream import ExpiredError, Stream
from listener.journal import JournalError
from listener.personas import Identity
from listener.sighting import Sighting
from listener.traps import Reading, Trap
from listener.words import candidates

if TYPE_CHECKING:
    from listener.front import Front

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Say:
    """Send these bytes."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """Something to record before anything else is said."""

    what: str
    """One word for the sighting's ``answer`` and the hit's request: ``login``, ``command``, ``query``."""
    shown: Mapping[str, Any] = field(default_factory=dict)
    """What the client showed, decoded: ``user``, ``password``, ``database``, ``client`` (its program and version) ...
    Text, integers and lists of them; text from outside as it came. Its strings are what may be tokens."""


@dataclass(frozen=True, slots=True)
class StartTls:
    """The next bytes are a TLS handshake."""

    early: bytes = b""
    """What of it has come already, where the protocol's clients do not wait for an answer; else what comes behind the
    request for TLS is dropped."""


@dataclass(frozen=True, slots=True)
class Close:
    """End the connection."""


Step = Say | Note | StartTls | Close


class Conversation(ABC):
    """One connection's protocol. Never knows what is bait; keeps no more than it needs."""

    secure: bool = False
    """Whether TLS is spoken; set before `greet` where the connection began with it."""

    def __init__(self, identity: Identity, number: int) -> None:
        """``identity`` shapes banners and ids for this installation; ``number`` counts connections (for challenges)."""
        self.identity, self.number = identity, number

    def greet(self) -> Iterable[Step]:
        """What the server says first."""
        return ()

    @abstractmethod
    def feed(self, data: bytes) -> Iterable[Step]:
        """The next bytes, at least one; keep what is not complete yet. Raises anything on bytes it cannot take."""


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
    connections_per_source: int = 64
    greeting_seconds: float = 10.0
    """For the PROXY header or the TLS handshake."""
    idle_seconds: float = 60.0
    """Between two things the client says."""
    total_seconds: float = 600.0
    """For a whole connection."""
    kept_bytes: int = 262_144
    """Raw bytes kept of each sighting; the rest is counted and noted as cut."""
    total_bytes: int = 16_777_216
    """A connection that sends more is closed."""
    total_notes: int = 5000
    """A connection that gives more to record is closed: each takes some 500 bytes of the journal, however short it
    was."""

    def __post_init__(self) -> None:
        Networks(self.proxy_protocol_from)


class StreamTrap(Trap):
    """A trap whose protocol is a `Conversation`. The sub-class names it, its settings and its conversation."""

    conversation: ClassVar[type[Conversation]]

    def __init__(self, settings: StreamSettings, front: Front) -> None:
        super().__init__(settings, front)
        self._door = self._new_door(tls=settings.tls)

    async def open(self, sockets: list[socket.socket]) -> None:
        self._door.open(sockets)

    async def close(self) -> None:
        await self._door.close()

    def _new_door(self, *, tls: bool) -> door.Door:
        settings = self.settings
        limits = door.Limits(settings.connections, settings.connections_per_source, settings.greeting_seconds)
        proxies = Networks(settings.proxy_protocol_from)
        return door.Door(self.front, self.name, self._serve, limits=limits, proxies=proxies, tls=tls)

    def converse(self, number: int) -> Conversation:
        """A fresh conversation for connection ``number``."""
        return self.conversation(self.front.identity, number)

    @staticmethod
    def read(sighting: Sighting) -> Reading:
        """What the conversation noted, and every string in it; then every word of the raw bytes."""
        observed = dict(sighting.notes)
        if sighting.tls is not None:
            from listener.http.reading import tls_observed

            observed["tls"] = tls_observed(sighting.tls)
        return Reading(observed, candidates(sighting))

    async def _serve(self, stream: Stream) -> None:
        await _Run(self, stream).converse()


class _Run:
    """One connection on its way through a conversation."""

    def __init__(self, trap: StreamTrap, stream: Stream) -> None:
        self._trap, self._stream = trap, stream
        self._conversation = trap.converse(stream.visit.number)
        self._conversation.secure = stream.visit.tls is not None
        self._raw = bytearray()
        self._size = self._total = self._notes = 0
        self._ends = stream.now() + trap.settings.total_seconds

    async def converse(self) -> None:
        try:
            if not await self._take(self._conversation.greet()):
                return
            while data := await self._next():
                if not await self._take(self._fed(data)):
                    return
        except ExpiredError:
            log.debug("%s: a conversation took too long", self._trap.name)
        except JournalError:
            return  # nobody gets an answer that is not on disk
        if self._size:
            await self._record(Note("unfinished"))

    async def _next(self) -> bytes:
        stream, settings = self._stream, self._trap.settings
        stream.deadline = min(self._ends, stream.now() + settings.idle_seconds)
        data = await stream.read()
        self._size += len(data)
        self._total += len(data)
        self._raw += data[: max(0, settings.kept_bytes - len(self._raw))]
        return data if self._total <= settings.total_bytes else b""

    def _fed(self, data: bytes) -> Iterator[Step]:
        try:
            yield from self._conversation.feed(data)
        except Exception as problem:  # noqa: BLE001  hostile bytes cost the imitation, never the record of them
            yield Note("unreadable", {"error": type(problem).__name__})
            yield Close()

    async def _take(self, steps: Iterable[Step]) -> bool:
        """Take the steps in order; whether the conversation goes on."""
        stream = self._stream
        for step in steps:
            match step:
                case Say(data):
                    stream.write(data)
                case Note():
                    await self._record(step)
                    if self._notes >= self._trap.settings.total_notes:
                        return False
                case StartTls(early):
                    if not await self._upgrade(early):
                        return False
                case Close():
                    return False
        stream.deadline = min(self._ends, stream.now() + self._trap.settings.idle_seconds)
        await stream.drain()
        return True

    async def _upgrade(self, early: bytes) -> bool:
        """Whether TLS is spoken now. A handshake that fails is recorded: the name it asked for may be bait."""
        stream, trap = self._stream, self._trap

        def context(name: str) -> ssl.SSLContext:
            return trap.front.certificates.context(name, stream.visit.local[0])

        try:
            await stream.start_tls(context, trap.settings.greeting_seconds, early)
        except OSError:
            await self._record(Note("handshake"))
            return False
        return True

    async def _record(self, note: Note) -> None:
        visit, front = self._stream.visit, self._trap.front
        raw, size = bytes(self._raw), self._size
        self._raw.clear()
        self._size = 0
        self._notes += 1
        sighting = front.sighting(
            trap=self._trap.name,
            observed_at=self._stream.arrived,
            peer=visit.peer,
            local=visit.local,
            raw=raw,
            size=size,
            connection=visit.number,
            tls=visit.tls,
            via=visit.via,
            answer=note.what,
            notes={"request": note.what, **note.shown},
        )
        await front.journal.append(sighting)
