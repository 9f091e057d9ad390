"""The PostgreSQL trap: asks for the password in clear, then accepts the client and permits nothing.

Frontend/backend protocol 3 as in the PostgreSQL documentation, chapters "Message Flow" and "Message Formats". libpq,
JDBC and node-pg give a password in clear to whoever asks for it so (AuthenticationCleartextPassword), unless the
connection string forbids it (``require_auth``, ``channel_binding=require``).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from canaries.core.text import decoded
from listener.protocol import postgres_messages, sql_answers, sql_rows, sql_sessions
from listener.protocol.conversation import Close, Conversation, Record, Send, StartTls, Step
from listener.protocol.identity import Identity
from listener.protocol.octets import Octets
from listener.protocol.postgres_messages import message, texts
from listener.protocol.sql_answers import SqlAnswer, SqlDone, SqlRefused, SqlRows, SqlSession
from listener.traps._stream import StreamSettings, StreamTrap

_CANCEL, _SSL, _GSSAPI = 80877102, 80877103, 80877104
_LONGEST_STARTUP = 10_000
"""MAX_STARTUP_PACKET_LENGTH of the real server."""
_LONGEST = 1 << 20
_LONGEST_NOTED = 65_536
_MOST_PARAMETERS = 256
_ZONES = ("Etc/UTC", "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "GMT")
_TAGS = {b"END": b"COMMIT", b"ABORT": b"ROLLBACK"}
_BEGINS = (b"BEGIN", b"START TRANSACTION")


@dataclass(frozen=True, slots=True)
class PostgresSettings(StreamSettings):
    """``[traps.postgres]``."""

    bind: tuple[str, ...] = ("127.0.0.1:5432",)
    starttls: bool = True
    """Whether SSLRequest is granted; libpq takes any certificate unless told to verify it."""


class PostgresConversation(Conversation):
    """A server whose every user may connect and may read nothing."""

    def __init__(self, identity: Identity, number: int, *, starttls: bool = True) -> None:
        super().__init__(identity, number)
        self._buffer = bytearray()
        self._starttls = starttls
        self._startup: dict[str, str] | None = None
        self._admitted = False
        self._status = b"I"
        """Of the transaction: idle, in one, failed."""
        self._skipping = False
        """After an error in the extended protocol all is ignored until Sync."""
        self._prepared: SqlAnswer | None = None
        """The answer to what the last Parse held."""
        self._formats: list[int] = []
        """How the last Bind wants its columns."""

    def feed(self, data: bytes) -> Iterable[Step]:
        self._buffer += data
        while self._buffer:
            if self._startup is None:
                packet = self._packet(0, _LONGEST_STARTUP)
                if packet is None:
                    return
                yield from self._begin(Octets(packet, "big"))
            else:
                kind, packet = self._buffer[:1], self._packet(1, _LONGEST)
                if packet is None:
                    return
                yield from self._message(bytes(kind), packet)

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
        if code == _SSL and self._starttls:
            self._starttls = False
            self._buffer.clear()  # nothing said in clear counts inside (CVE-2021-23214)
            yield Send(b"S")
            yield StartTls()
        elif code in (_SSL, _GSSAPI):
            yield Send(b"N")
        elif code == _CANCEL:
            yield Record("cancel", {"process": packet.number(4)})
            yield Close()
        elif code >> 16 == 3:
            yield from self._start(code & 0xFFFF, packet)
        else:
            yield Record("startup", {"protocol": f"{code >> 16}.{code & 0xFFFF}"})
            yield Send(postgres_messages.unsupported(code >> 16, code & 0xFFFF))
            yield Close()

    def _start(self, minor: int, packet: Octets) -> Iterator[Step]:
        values: dict[str, str] = {}
        while (name := packet.text()) and len(values) < _MOST_PARAMETERS:
            values[decoded(name)] = decoded(packet.text())
        self._startup = values
        yield Record("startup", self._who() | {"parameters": values})
        if not values.get("user"):
            yield Send(postgres_messages.NO_USER)
            yield Close()
            return
        unknown = [name.encode() for name in values if name.startswith("_pq_.")]
        if minor or unknown:  # NegotiateProtocolVersion: the trap speaks 3.0 and no options
            names = b"".join(name + b"\0" for name in unknown)
            yield Send(message(b"v", struct.pack(">II", 3 << 16, len(unknown)) + names))
        yield Send(message(b"R", struct.pack(">I", 3)))

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
            if kind != b"p":
                yield Record("command", self._who() | {"command": decoded(kind)})
                yield Send(postgres_messages.not_a_password(kind))
                yield Close()
                return
            yield Record("login", self._who() | {"password": decoded(body.removesuffix(b"\0"))})
            yield from self._judge(decoded(body.removesuffix(b"\0")))
        elif kind == b"X":
            yield Close()
        elif kind == b"Q":
            yield from self._query(body.partition(b"\0")[0])
        elif kind == b"S":
            self._skipping = False
            yield Send(self._ready())
        elif kind == b"B":
            bound, self._formats = sql_rows.postgres_bound(
                Octets(body, "big"), _MOST_PARAMETERS, _LONGEST_NOTED
            )
            yield Record("bind", self._who() | {"parameters": bound})
            yield from self._extended(message(b"2", b""))
        elif kind == b"P":
            yield from self._parse(Octets(body, "big"))
        elif kind in (b"D", b"E", b"C"):
            yield from self._extended(self._reply(kind, body))
        elif kind == b"F":
            yield Record("function", self._who())
            yield Send(self._refusal() + self._ready())
        elif kind not in (b"H", b"d", b"c", b"f"):
            raise ValueError("no such message")

    def _query(self, text: bytes) -> Iterator[Step]:
        yield Record("query", self._who() | {"query": decoded(text[:_LONGEST_NOTED])})
        self._formats = []
        if not text.strip(b"; \t\r\n"):
            yield Send(message(b"I", b"") + self._ready())
        else:
            found = sql_answers.answers(decoded(text), self._sql())
            said = [self._described(answer) + self._executed(answer) for answer in found]
            yield Send(b"".join(said) + self._ready())

    def _parse(self, body: Octets) -> Iterator[Step]:
        body.text()
        text = body.text()
        yield Record("query", self._who() | {"query": decoded(text[:_LONGEST_NOTED])})
        self._prepared = next(sql_answers.answers(decoded(text), self._sql()), None)
        refused = isinstance(self._prepared, SqlRefused)
        yield from self._extended(self._executed(self._prepared) if refused else message(b"1", b""))

    def _extended(self, reply: bytes) -> Iterator[Step]:
        if self._skipping:
            return
        self._skipping = reply.startswith(b"E")
        yield Send(reply)

    def _reply(self, kind: bytes, body: bytes) -> bytes:
        if kind == b"C":
            return message(b"3", b"")
        if kind == b"E":
            return self._executed(self._prepared)
        parameters = message(b"t", b"\0\0") if body.startswith(b"S") else b""
        return parameters + (self._described(self._prepared) or message(b"n", b""))

    def _described(self, answer: SqlAnswer | None) -> bytes:
        rows = isinstance(answer, SqlRows)
        return message(b"T", sql_rows.postgres_description(answer)) if rows else b""  # type: ignore[arg-type]

    def _executed(self, answer: SqlAnswer | None) -> bytes:
        """What a statement answered with leads to, behind its description."""
        match answer:
            case SqlRows():
                rows = [message(b"D", row) for row in sql_rows.postgres_rows(answer, self._formats)]
                return b"".join(rows) + self._complete(b"SELECT %d" % len(rows))
            case SqlDone(verb):
                word = verb.encode()
                return self._complete(_TAGS.get(word, word))
            case SqlRefused(table):
                return self._refusal(table)
        return message(b"I", b"")

    def _sql(self) -> SqlSession:
        host, who = self.identity.host, self._who()
        built = host.distribution.compiler
        return sql_sessions.postgres(
            host.release("postgres"), built, who.get("user", ""), who.get("database", "")
        )

    def _complete(self, tag: bytes) -> bytes:
        """CommandComplete; keeps the state that ReadyForQuery tells."""
        if tag in _BEGINS:
            self._status = b"T"
        elif tag == b"COMMIT" and self._status == b"E":
            tag, self._status = b"ROLLBACK", b"I"
        elif tag in (b"COMMIT", b"ROLLBACK"):
            self._status = b"I"
        return message(b"C", tag + b"\0")

    def _refusal(self, table: str = "") -> bytes:
        self._status = b"E" if self._status == b"T" else self._status
        what = f"table {table.rpartition('.')[2][:63]}" if table else "schema public"
        return postgres_messages.denied(what)

    def _ready(self) -> bytes:
        return message(b"Z", self._status)

    def _welcome(self) -> bytes:
        """What a real server says to who has logged in, in its order."""
        stream, values = self.identity.stream("postgres"), self._startup or {}
        known = {
            "application_name": values.get("application_name", ""),
            "client_encoding": values.get("client_encoding", "UTF8"),
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
            "TimeZone": stream.pick("zone", _ZONES),
        }
        process = stream.between("process", 700, 400_000) + self.number
        statuses = b"".join(message(b"S", texts(name, value)) for name, value in known.items())
        key = struct.pack(">I", process % (1 << 22)) + stream.draw_bytes(f"key:{self.number}", 4)
        return message(b"R", bytes(4)) + statuses + message(b"K", key) + self._ready()


class PostgresTrap(StreamTrap):
    """PostgreSQL, plain and over TLS behind SSLRequest."""

    name = "postgres"
    Settings = PostgresSettings
    conversation = PostgresConversation

    def converse(self, number: int) -> Conversation:
        return PostgresConversation(self.front.identity, number, starttls=self.settings.starttls)
