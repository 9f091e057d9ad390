"""The SSH trap: the key that is offered, its proof, passwords in clear, the command; then a shell that refuses.

    client <-> acceptor, tee <-> this file <-> a pair of connected sockets <-> `listener.protocol.ssh_server` (asyncssh)

asyncssh sees one end of a socket pair and nothing else, so the acceptor's PROXY header, limits and tee hold here as
everywhere. And what it has noticed is on disk before a byte of its answer goes out: it jots first and writes then, and
this file journals everything jotted before it passes on what was written.

The raw bytes are what came over the wire: readable up to the key exchange, encrypted after it. So each sighting has
in its note ``packets`` what the client's packets said in clear (`listener.protocol.ssh_packets`).
"""

from __future__ import annotations

import asyncio
import logging
import re
import socket
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

import msgspec

from canaries.core.text import decoded
from canaries.protocols import ssh_keys
from listener.evidence.reading import Reading
from listener.evidence.sighting import Sighting
from listener.journal.journal import JournalError
from listener.net import acceptor
from listener.net.connection import Connection, ExpiredError
from listener.net.networks import Networks
from listener.protocol import kexinit, ssh_packets
from listener.protocol.conversation import Record
from listener.protocol.ssh_packets import PacketTee
from listener.traps import Trap
from listener.traps._stream import StreamSettings, StreamTrap, also

if TYPE_CHECKING:
    from listener.net.context import TrapContext

log = logging.getLogger(__name__)

_CHUNK = 65_536
_DISCONNECT = re.compile(
    rb"\0{2}[\0-\x03].[\x04-\x20]\x01\0{3}[\x01-\x0f]\0{2}..[ -~]*\0{3}\x05en-US.{4,32}\Z", re.DOTALL
)
"""SSH_MSG_DISCONNECT in clear (RFC 4253, sections 6 and 11.1)."""
_LAST_WORDS_SECONDS = 0.1
_GRACE_SECONDS = 2.0
_SHOWN = 4096
"""Bytes of what was typed or piped in that a reading shows; all of it is looked at."""
_MOST_NOTES = 256
"""Of one connection; a visitor who asks for more is not answered any more."""


@dataclass(frozen=True, slots=True)
class SshSettings(StreamSettings):
    """``[traps.ssh]``."""

    bind: tuple[str, ...] = ("127.0.0.1:22",)
    connections: int = 256
    total_bytes: int = 4_194_304
    keys: Literal["own", "any"] = "own"
    """``own`` lets in whoever has a key that can be a bait of this installation, and refuses others like a real server
    (see `canaries.protocols.ssh_keys`); ``any`` lets in every key. Every key is recorded either way."""
    passwords: Literal["accept", "refuse"] = "accept"
    """``accept`` lets in what can be bait of this installation, and shows what follows; ``refuse`` lets in nobody."""
    attempts: int = 6
    """Failures to log in at which a connection ends (MaxAuthTries); an agent's keys count, and come before a stolen
    one."""


class SshTrap(Trap):
    """SSH 2."""

    name = "ssh"
    Settings = SshSettings

    def __init__(self, settings: SshSettings, front: TrapContext) -> None:
        super().__init__(settings, front)
        limits = acceptor.AcceptorLimits(
            settings.connections, settings.connections_per_source, settings.greeting_seconds
        )
        proxies = Networks(settings.proxy_protocol_from)
        self._acceptor = acceptor.Acceptor(
            front, self.name, self._serve, limits=limits, proxies=proxies, tls=False
        )

    async def open(self, sockets: list[socket.socket]) -> None:
        from listener.protocol import openssh, ssh_server  # asyncssh is heavy: only where the trap is on

        # Its log lines quote visitors, and tell nothing that is not in the journal.
        logging.getLogger("asyncssh").setLevel(logging.CRITICAL)
        settings, key = self.settings, self.front.identity.key
        own = settings.keys == "own"
        self._server = ssh_server
        self._options = openssh.options(self.front.identity, self.front.ssh_key)
        self._manner = ssh_server.Manner(
            accepts_key=lambda blob: not own or ssh_keys.marked(key, blob),
            accepts_password=self._accepts,
            attempts=settings.attempts,
        )
        self._acceptor.serve(sockets)

    def _accepts(self, password: str) -> bool:
        return self.settings.passwords == "accept" and self.front.identity.admits(password)

    async def close(self) -> None:
        await self._acceptor.close()

    @staticmethod
    def read(sighting: Sighting) -> Reading:
        """As other traps, and every text in the packets; what was typed or piped in stands in ``input``."""
        notes = dict(sighting.notes)
        kept = said if isinstance(said := notes.pop("packets", b""), bytes) else b""
        reading = StreamTrap.read(msgspec.structs.replace(sighting, notes=notes))
        if typed := ssh_packets.typed(kept)[:_SHOWN]:
            cast(dict[str, object], reading.observed)["input"] = decoded(typed)
        return also(reading, [*kexinit.names(sighting.raw), *ssh_packets.texts(kept)])

    async def answer(self, sock: socket.socket, info: _SshConnection) -> None:
        """Let asyncssh answer at its end of the pair, until the connection is over."""
        try:
            await self._server.serve(sock, self._options, self._manner, info.jot, info.tee)
        except Exception as problem:  # noqa: BLE001  hostile bytes cost the imitation, never the record of them
            info.problem = type(problem).__name__

    async def _serve(self, connection: Connection) -> None:
        await _SshConnection(self, connection).hold()


@dataclass(slots=True)
class _Seen:
    """The raw bytes that no sighting holds yet."""

    raw: bytearray = field(default_factory=bytearray)
    size: int = 0

    def add(self, data: bytes, limit: int) -> None:
        self.size += len(data)
        self.raw += data[: max(0, limit - len(self.raw))]


class _SshConnection:
    """One connection, between the client and asyncssh."""

    def __init__(self, trap: SshTrap, connection: Connection) -> None:
        self._trap, self._connection = trap, connection
        self._seen = _Seen()
        self.tee = PacketTee(trap.settings.kept_bytes)
        self._head: bytearray | None = bytearray()
        """What the client said first, until its greeting is complete or is none."""
        self._client: dict[str, Any] = {}
        """Stands in every note of this connection."""
        self._told = b""
        """What came last in clear and is on record."""
        self._passed = (
            bytearray()
        )  # what asyncssh was sent; the first ``tee.heard`` bytes of it have been read
        self._banner = asyncio.Event()
        """The first bytes have gone out."""
        self._notes: deque[Record] = deque()
        self._noted = self._total = 0
        self._ends = connection.now() + trap.settings.total_seconds
        self.problem = ""
        """What ended the conversation on asyncssh's side: the name of the error."""

    def jot(self, what: str, shown: dict[str, Any]) -> None:
        """Something to record before anything that is written later goes out."""
        self._noted += 1
        if self._noted <= _MOST_NOTES:
            self._notes.append(Record(what, {**shown, **self._client}))

    async def hold(self) -> None:
        """Serve until either side has had enough; what came is on disk then."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.setblocking(False)
        answer = asyncio.ensure_future(self._trap.answer(theirs, self))
        inward, outward = (asyncio.ensure_future(one) for one in (self._inward(ours), self._outward(ours)))
        try:
            await asyncio.wait((inward, outward), return_when=asyncio.FIRST_COMPLETED)
            if not outward.done():
                await self._hang_up(ours, outward)
        finally:
            for task in (answer, inward, outward):
                task.cancel()
            await asyncio.gather(answer, inward, outward, return_exceptions=True)
            ours.close()
        if not outward.cancelled() and isinstance(outward.exception(), JournalError):
            return  # nobody gets an answer that is not on disk
        await self._record_all()
        self.tee.behind(bytes(self._passed[self.tee.heard :]))
        await self._record_rest()
        await self._linger()
        await self._record_rest()

    async def _record_rest(self) -> None:
        """What no note is about."""
        if self._seen.size or self.tee:
            self._told = b"" if self.tee.late else bytes(self._seen.raw)
            problem = {"error": self.problem} if self.problem else {}
            await self._record(Record("unfinished", self._client | problem))

    async def _linger(self) -> None:
        """What is said behind the end: nobody answers it, and yet it may be bait."""
        settings, connection = self._trap.settings, self._connection
        late, size = await connection.linger(settings.linger_seconds, settings.kept_bytes)
        if size:  # it may go on with what is on record
            self._seen.add(self._told + late, settings.kept_bytes)
            self._seen.size += size - len(late)
        self.tee.behind(late)

    async def _hang_up(self, ours: socket.socket, outward: asyncio.Future[None]) -> None:
        """Tell asyncssh that the client has gone, once it has read what the client said last."""
        await asyncio.sleep(_LAST_WORDS_SECONDS)
        ours.shutdown(socket.SHUT_WR)
        await asyncio.wait((outward,), timeout=_GRACE_SECONDS)

    async def _inward(self, ours: socket.socket) -> None:
        """From the client to asyncssh, until the end or a limit."""
        loop, connection, settings = asyncio.get_running_loop(), self._connection, self._trap.settings
        while self._total <= settings.total_bytes and self._noted <= _MOST_NOTES:
            connection.deadline = min(self._ends, connection.now() + settings.idle_seconds)
            try:
                data = await connection.read()
            except ExpiredError:
                return
            if not data:
                return
            self._total += len(data)
            self._seen.add(data, settings.kept_bytes)
            if refusal := self._refused(data):
                await self._banner.wait()  # asyncssh says it unasked; a server says it first
                await self._record_all()
                await self._record_rest()
                connection.write(refusal)
                await connection.drain()
                return
            self._greeted(data)
            self._passed += data
            del self._passed[: self.tee.heard]
            self.tee.heard = 0
            await loop.sock_sendall(ours, data)

    async def _outward(self, ours: socket.socket) -> None:
        """From asyncssh to the client; first what it jotted to the journal."""
        loop = asyncio.get_running_loop()
        while data := await loop.sock_recv(ours, _CHUNK):
            await self._record_all()
            said = _DISCONNECT.sub(b"", data)
            self._connection.write(said)
            await self._connection.drain()
            self._banner.set()
            if said != data:
                return  # before keys are agreed OpenSSH closes without a word; asyncssh has sentences of its own

    def _refused(self, data: bytes) -> bytes:
        """What a client is told that speaks no SSH 2; its first bytes decide."""
        return b"" if self._head is None else kexinit.refusal(bytes(self._head + data))

    def _greeted(self, data: bytes) -> None:
        """Read the client's greeting as soon as it is complete."""
        if self._head is None:
            return
        self._head += data
        try:
            greeting = kexinit.parse(bytes(self._head))
        except ValueError:
            self._head = None
            return
        if greeting is not None:
            self._client = {"client": greeting.version, "hassh": greeting.hassh}
            self.jot("greeting", {"algorithms": greeting.algorithms})
        if greeting is not None or len(self._head) > kexinit.LIMIT:
            self._head = None

    async def _record_all(self) -> None:
        while self._notes:
            await self._record(self._notes.popleft())

    async def _record(self, note: Record) -> None:
        info, front, seen = self._connection.info, self._trap.front, self._seen
        self._seen = _Seen()
        shown = {"packets": said, **note.shown} if (said := self.tee.take(seen.size)) else note.shown
        sighting: Sighting = front.sighting(
            trap=self._trap.name,
            observed_at=self._connection.arrived,
            peer=info.peer,
            local=info.local,
            raw=bytes(seen.raw),
            size=seen.size,
            connection=info.number,
            via=info.via,
            answer=note.what,
            notes={"request": note.what, **shown},
        )
        await front.journal.append(sighting)
