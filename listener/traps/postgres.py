"""The PostgreSQL trap: asks for the password in clear, then accepts the client and permits nothing.

Frontend/backend protocol 3 as in the PostgreSQL documentation, chapters "Message Flow" and "Message Formats". libpq,
JDBC and node-pg give a password in clear to whoever asks for it so (AuthenticationCleartextPassword), unless the
connection string forbids it (``require_auth``, ``channel_binding=require``).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from canaries.core import clock
from canaries.core.text import decoded
from listener.evidence.reading import Reading
from listener.evidence.sighting import Sighting
from listener.protocol import postgres_messages, postgres_startup, postgres_values, sql_sessions
from listener.protocol.conversation import Close, Conversation, Record, Send, StartTls, Step
from listener.protocol.identity import Identity
from listener.protocol.octets import Octets
from listener.protocol.postgres_kept import KeptSettings
from listener.protocol.postgres_messages import message, texts
from listener.protocol.postgres_session import PostgresSession
from listener.protocol.sql_answers import SqlSession
from listener.traps._stream import StreamSettings, StreamTrap, also

_CANCEL, _SSL, _GSSAPI = 80877102, 80877103, 80877104
_LONGEST_STARTUP, _LONGEST_PASSWORD = 10_004, 65_535
"""MAX_STARTUP_PACKET_LENGTH of the real server with the length itself, and what it takes for a password."""
_LONGEST = 1 << 20
_LONGEST_NOTED = 65_536
_MOST_PARAMETERS = 256
_ZONES = ("Etc/UTC", "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "GMT")


@dataclass(frozen=True, slots=True)
class PostgresSettings(StreamSettings):
    """``[traps.postgres]``."""

    bind: tuple[str, ...] = ("127.0.0.1:5432",)
    starttls: bool = True
    """Whether SSLRequest is granted; libpq takes any certificate unless told to verify it."""


class PostgresConversation(Conversation):
    """A server whose every user may connect and may read nothing."""

    def __init__(
        self,
        identity: Identity,
        number: int,
        *,
        starttls: bool = True,
        now: Callable[[], int] = clock.micros,
    ) -> None:
        """``now``: microseconds since the epoch, for statements that ask."""
        super().__init__(identity, number)
        self._starttls, self._now = starttls, now
        self._zone = identity.stream("postgres").pick("zone", _ZONES)
        self._asked: set[int] = set()
        """Which encryption was asked for: once each, and none within TLS."""
        self._startup: dict[str, str] | None = None
        self._admitted = False
        self._kept = KeptSettings()
        self._session = PostgresSession(self._sql, self._kept)

    def feed(self, data: bytes) -> Iterable[Step]:
        self._buffer += data
        while self._buffer:
            if self._startup is None:
                packet = self._packet(0, _LONGEST_STARTUP)
                if packet is None:
                    return
                yield from self._begin(Octets(packet, "big"))
            else:
                kind = bytes(self._buffer[:1])
                if not self._admitted and kind != b"p":
                    yield from self._no_password(kind)
                    return
                packet = self._packet(1, _LONGEST if self._admitted else _LONGEST_PASSWORD)
                if packet is None:
                    return
                yield from self._message(kind, packet)

    def _packet(self, at: int, longest: int) -> bytes | None:
        """The packet whose length stands at ``at``; None while it is not complete."""
        if len(self._buffer) < at + 4:
            return None
        length = int.from_bytes(self._buffer[at : at + 4], "big")
        if not 4 <= length <= longest:
            raise ValueError("no length of a message")
        if len(self._buffer) < at + length:
            return None
        packet = bytes(self._buffer[at + 4 : at + length])
        del self._buffer[: at + length]
        return packet

    def _begin(self, packet: Octets) -> Iterator[Step]:
        code = packet.number(4)
        if code in (_SSL, _GSSAPI) and code not in self._asked and not self.secure:
            self._asked.add(code)
            yield from self._encrypt(code)
        elif code == _CANCEL:
            yield Record("cancel", {"process": packet.number(4)})
            yield Close()
        elif code >> 16 == 3:
            yield from self._start(code & 0xFFFF, packet.rest())
        else:
            yield Record("startup", {"protocol": f"{code >> 16}.{code & 0xFFFF}"})
            yield Send(postgres_messages.unsupported(code >> 16, code & 0xFFFF))
            yield Close()

    def _encrypt(self, code: int) -> Iterator[Step]:
        if code == _SSL and self._starttls:
            self._starttls, self.secure = False, True
            self._buffer.clear()  # nothing said in clear counts inside (CVE-2021-23214)
            yield Send(b"S")
            yield StartTls()
            return
        yield Send(b"N")
        if self._buffer and code == _SSL:
            yield Record("startup", {"protocol": "before TLS"})
            yield Send(postgres_messages.EARLY)
            yield Close()

    def _start(self, minor: int, body: bytes) -> Iterator[Step]:
        refused = b""
        try:
            values = postgres_startup.startup_values(body)
        except postgres_startup.StartupRefusedError as problem:
            values, refused = problem.values, problem.said
        self._startup = values
        self._kept.begin(self._zone, values)
        yield Record("startup", self._who() | {"parameters": values})
        if refused:
            yield Send(refused)
            yield Close()
            return
        unknown = [name.encode() for name in values if name.startswith("_pq_.")]
        if minor or unknown:  # NegotiateProtocolVersion: the trap speaks 3.0 and no options
            names = b"".join(name + b"\0" for name in unknown)
            yield Send(message(b"v", struct.pack(">II", 3 << 16, len(unknown)) + names))
        if not values.get("user"):
            yield Send(postgres_messages.NO_USER)
            yield Close()
            return
        yield Send(message(b"R", struct.pack(">I", 3)))

    def _no_password(self, kind: bytes) -> Iterator[Step]:
        self._buffer.clear()
        yield Record("command", self._who() | {"command": decoded(kind)})
        yield Send(postgres_messages.not_a_password(kind))
        yield Close()

    def _judge(self, password: str) -> Iterator[Step]:
        if password and self.identity.admits(password):
            self._admitted = True
            yield Send(self._welcome())
            return
        if not password:
            yield Send(postgres_messages.NO_PASSWORD)
            yield Close()
            return
        yield Send(postgres_messages.wrong_password((self._startup or {}).get("user", "")))
        yield Close()

    def _who(self) -> dict[str, Any]:
        values = self._startup or {}
        user = values.get("user", "")
        shown = {
            "user": user,
            "database": values.get("database") or user,
            "client": values.get("application_name", ""),
        }
        return {name: value for name, value in shown.items() if value}

    def _message(self, kind: bytes, body: bytes) -> Iterator[Step]:
        if not self._admitted:
            password = decoded(body.removesuffix(b"\0"))
            yield Record("login", self._who() | {"password": password})
            if body.find(b"\0") != len(body) - 1 or not body:
                yield Send(postgres_messages.BAD_SIZE)
                yield Close()
            else:
                yield from self._judge(password)
        elif kind == b"X":
            yield Close()
        elif kind == b"Q":
            yield Record("query", self._who() | {"query": decoded(body.partition(b"\0")[0][:_LONGEST_NOTED])})
            yield Send(self._session.query(body))
        elif kind == b"S":
            yield Send(self._session.sync())
        elif kind in (b"P", b"B"):
            yield from self._prepare(kind, Octets(body, "big"))
        elif kind in (b"D", b"E", b"C"):
            yield Send(self._session.extended(kind, body))
        elif kind == b"F":
            yield Record("function", self._who())
            yield Send(self._session.function(Octets(body, "big").number(4)))
        elif kind not in (b"H", b"d", b"c", b"f"):
            yield Record("command", self._who() | {"command": decoded(kind)})
            yield Send(postgres_messages.no_message(kind))
            yield Close()

    def _prepare(self, kind: bytes, body: Octets) -> Iterator[Step]:
        """Parse, or Bind."""
        name, text = body.text(), body.text()
        named = {"statement": decoded(name)} if name else {}
        if kind == b"P":
            yield Record("query", self._who() | named | {"query": decoded(text[:_LONGEST_NOTED])})
            types = [body.number(4) for _ in range(min(body.number(2), _MOST_PARAMETERS, body.left // 4))]
            yield Send(self._session.parse(name, text, types))
            return
        body.at = 0
        bound, formats = postgres_values.bound(body, _MOST_PARAMETERS, _LONGEST_NOTED)
        named = {"portal": decoded(name)} if name else {}
        named |= {"statement": decoded(text)} if text else {}
        values = postgres_values.shown(bound, self._session.types(text))
        yield Record("bind", self._who() | named | {"parameters": values})
        yield Send(self._session.bind(name, text, bound, formats))

    def _sql(self) -> SqlSession:
        host, who = self.identity.host, self._who()
        built = host.distribution.compiler
        return sql_sessions.postgres(
            host.release("postgres"),
            built,
            who.get("user", ""),
            who.get("database", ""),
            micros=self._now(),
            zone=self._zone,
            kept=self._kept,
        )

    def _welcome(self) -> bytes:
        """What a real server says to who has logged in, in its order."""
        stream, values = self.identity.stream("postgres"), self._startup or {}
        known = {
            "application_name": values.get("application_name", ""),
            "client_encoding": "UTF8",
            "DateStyle": "ISO, MDY",
            "default_transaction_read_only": "off",
            "in_hot_standby": "off",
            "integer_datetimes": "on",
            "IntervalStyle": "postgres",
            "is_superuser": "off",
            "server_encoding": "UTF8",
            "server_version": self.identity.host.release("postgres"),
            "session_authorization": values.get("user", ""),
            "standard_conforming_strings": "on",
            "TimeZone": self._zone,
        }
        process = stream.between("process", 700, 400_000) + self.number
        usual = self._kept.usual
        statuses = b"".join(
            message(b"S", texts(name, usual.get(name.lower(), value))) for name, value in known.items()
        )
        key = struct.pack(">I", process % (1 << 22)) + stream.draw_bytes(f"key:{self.number}", 4)
        return message(b"R", bytes(4)) + statuses + message(b"K", key) + self._session.ready()


class PostgresTrap(StreamTrap):
    """PostgreSQL, plain and over TLS behind SSLRequest."""

    name = "postgres"
    Settings = PostgresSettings
    conversation = PostgresConversation

    def converse(self, number: int) -> Conversation:
        return PostgresConversation(self.front.identity, number, starttls=self.settings.starttls)

    @staticmethod
    def read(sighting: Sighting) -> Reading:
        """As of every trap; and what stands beside a letter of the protocol, or in several messages."""
        return also(StreamTrap.read(sighting), postgres_messages.apart(sighting.raw))
