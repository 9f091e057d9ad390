"""The ClickHouse trap: the native protocol's first message carries user and password in clear; no table is granted.

clickhouse.com/docs/native-protocol: "Client packets", "Server packets". A query also carries who sends it: the account
and the host name of the client's machine. The revision told here fixes which fields there are (54429: version 20).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from canaries.core import clock
from canaries.core.text import decoded
from listener.protocol import clickhouse_blocks, sql_answers, sql_sessions
from listener.protocol.conversation import Close, Conversation, Record, Send, Step
from listener.protocol.identity import Identity
from listener.protocol.octets import Octets, ShortError
from listener.protocol.sql_answers import SqlDone, SqlRows
from listener.traps._stream import StreamSettings, StreamTrap

_HELLO, _QUERY, _DATA, _CANCEL, _PING = 0, 1, 2, 3, 4
_EXCEPTION, _PONG = 2, 4
_REVISION = 54429
_LONGEST = 1 << 17
"""Bytes of a packet."""
_LONGEST_NOTED = 65_536
_MOST_SETTINGS = 256
_TCP = 1
_TO_BROWSERS = (
    b"HTTP/1.0 400 Bad Request\r\n\r\nPort 9000 is for clickhouse-client program.\r\n"
    b"You must use port 8123 for HTTP.\r\n"
)
"""To a GET or POST (TCPHandler::receiveHello); with the ports that the package's settings name."""
_CHECKSUM = 16
_RELEASES = ((20, 3, 21), (20, 4, 9), (20, 5, 5), (20, 8, 19), (20, 12, 8))
_ZONES = ("UTC", "UTC", "Etc/UTC", "Europe/London", "Europe/Berlin", "America/New_York")


@dataclass(frozen=True, slots=True)
class ClickhouseSettings(StreamSettings):
    """``[traps.clickhouse]``."""

    bind: tuple[str, ...] = ("127.0.0.1:9000",)
    tls: bool = True
    """TLS is told apart by its first byte."""


class ClickhouseConversation(Conversation):
    """A server whose every user may connect and may read nothing."""

    def __init__(self, identity: Identity, number: int) -> None:
        super().__init__(identity, number)
        self._who: dict[str, Any] | None = None
        self._compressed = False
        self._wanted = 1
        """Bytes that the next packet has at least: before they are there it is not looked at again."""
        stream = identity.stream("clickhouse")
        self._release, self._zone = stream.pick("native release", _RELEASES), stream.pick("zone", _ZONES)

    def feed(self, data: bytes) -> Iterable[Step]:
        self._buffer += data
        if len(self._buffer) < self._wanted:
            return
        packet = Octets(
            self._buffer
        )  # one copy: one for each packet would be quadratic, and a ping has one byte
        while packet.left:
            begin = packet.at
            try:
                steps = list(self._packet(packet))
            except ShortError as problem:
                self._wanted = len(self._buffer) + problem.missing
                if self._wanted > _LONGEST:
                    raise
                return  # not all of it has come yet
            ends = steps[-1:] == [Close()]
            self._wanted = 1
            del self._buffer[: None if ends else packet.at - begin]
            yield from steps
            if ends:
                return

    def _packet(self, packet: Octets) -> Iterator[Step]:
        kind = _number(packet)
        if self._who is None:
            if kind in b"GP":
                yield from (Record("http"), Send(_TO_BROWSERS), Close())
                return
            if kind != _HELLO:  # told as every error of a login (TCPHandler::runImpl)
                yield from (Record("unreadable"), Send(_UNEXPECTED), Close())
                return
            yield from self._hello(packet)
        elif kind == _QUERY:
            yield from self._query(packet)
        elif kind == _DATA:
            self._skip_block(packet)
        elif kind == _PING:
            yield Send(bytes([_PONG]))
        elif kind != _CANCEL:
            raise ValueError("not a supported packet")

    def _hello(self, packet: Octets) -> Iterator[Step]:
        program, major, minor, _ = _text(packet), _number(packet), _number(packet), _number(packet)
        database, user, password = _text(packet), _text(packet), _text(packet)
        self._who = {"user": user, "database": database, "client": f"{program} {major}.{minor}"}
        yield Record("login", self._who | {"password": password})
        if not self.identity.admits(password):
            yield Send(_wrong(user))
            yield Close()
            return
        release, zone, name = self._release, self._zone, self.identity.host.name
        parts = [clickhouse_blocks.number(part) for part in (*release[:2], _REVISION, release[2])]
        yield Send(
            bytes([_HELLO]) + clickhouse_blocks.string("ClickHouse") + b"".join(parts[:3])
            + clickhouse_blocks.string(zone) + clickhouse_blocks.string(name) + parts[3]
        )  # fmt: skip

    def _query(self, packet: Octets) -> Iterator[Step]:
        _text(packet)  # its id
        shown = _client(packet)
        for _ in range(_MOST_SETTINGS):
            if not _text(packet):
                break
            packet.next_bytes(1)
            _text(packet)
        _number(packet)  # how far to process it
        compressed, query = _number(packet) != 0, _text(packet)
        self._compressed = compressed
        who = self._who or {}
        yield Record("query", who | shown | {"query": query[:_LONGEST_NOTED]})
        yield Send(self._said(query, who) or _denied(who.get("user", "")))

    def _said(self, query: str, who: dict[str, Any]) -> bytes:
        """The answer to what every account may ask; nothing to all else, or where blocks are to be compressed."""
        version, names = ".".join(map(str, self._release)), (who.get("user", ""), who.get("database", ""))
        session = sql_sessions.clickhouse(
            version, names, self.identity.host.name, self._zone, micros=clock.micros()
        )
        found = next(sql_answers.answers(query, session), None)
        if isinstance(found, SqlRows) and not self._compressed:
            return clickhouse_blocks.result(found)
        return clickhouse_blocks.END_OF_STREAM if isinstance(found, SqlDone) and found.verb == "SET" else b""

    def _skip_block(self, packet: Octets) -> None:
        """The data that follows every query: empty but for inserts, which are never let come so far."""
        _text(packet)
        if self._compressed:
            packet.next_bytes(_CHECKSUM + 1)
            packet.next_bytes(packet.number(4) - 5)  # the size counts itself and the method before it
            return
        while field := _number(packet):
            packet.next_bytes({1: 1, 2: 4}[field])  # is_overflows, bucket_num
        if _number(packet) or _number(packet):
            raise ValueError("a block that is not empty")


def _client(packet: Octets) -> dict[str, str]:
    """ClientInfo: who asks, from which account of which machine."""
    if not packet.number(1):
        return {}
    for _ in range(3):  # the first user, query and address, of distributed queries
        _text(packet)
    if packet.number(1) != _TCP:
        raise ValueError("a query that came over HTTP")
    shown = {"os_user": _text(packet), "host_name": _text(packet)}
    _text(packet)
    for _ in range(3):  # version and revision
        _number(packet)
    _text(packet)  # quota key
    _number(packet)  # patch
    return {name: value for name, value in shown.items() if value}


def _denied(user: str) -> bytes:
    text = (
        f"DB::Exception: {user[:200]}: Not enough privileges. To execute this query it's necessary to have the grant "
        "SELECT ON *.*"
    )
    return _exception(497, text)


def _wrong(user: str) -> bytes:
    text = f"DB::Exception: {user[:200]}: Authentication failed: password is incorrect, or there is no user with such "
    text += "name."
    return _exception(516, text)


def _exception(code: int, text: str, name: str = "DB::Exception") -> bytes:
    return (
        bytes([_EXCEPTION])
        + struct.pack("<i", code)
        + clickhouse_blocks.string(name)
        + clickhouse_blocks.string(text)
        + clickhouse_blocks.string("")
        + b"\0"
    )


_UNEXPECTED = _exception(101, "DB::NetException: Unexpected packet from client", "DB::NetException")
"""To a first packet that is no hello."""


def _number(packet: Octets) -> int:
    """LEB128. Raises ShortError where it is not complete, ValueError where it is too long."""
    value = 0
    for shift in range(0, 63, 7):
        byte = packet.number(1)
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value
    raise ValueError("no number")


def _text(packet: Octets) -> str:
    size = _number(packet)
    if size > _LONGEST:
        raise ValueError("no text")
    return decoded(packet.next_bytes(size))


class ClickhouseTrap(StreamTrap):
    """ClickHouse's native protocol, plain and over TLS on the same port."""

    name = "clickhouse"
    Settings = ClickhouseSettings
    conversation = ClickhouseConversation
