"""The AMQP trap: user and password in clear, then a broker that lets this user open channels and do nothing on them.

AMQP 0-9-1 as in the specification (https://www.rabbitmq.com/resources/specs/amqp0-9-1.pdf): section 4.2.2 the protocol
header, with
what a server answers to versions that it does not speak, 4.2.3 frames.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from canaries.core.text import decoded
from listener.protocol import field_table
from listener.protocol.conversation import Close, Conversation, Record, Send, Step
from listener.protocol.identity import Identity
from listener.protocol.octets import Octets
from listener.traps._stream import StreamSettings, StreamTrap

_HEADER = b"AMQP\x00\x00\x09\x01"
_METHOD, _HEARTBEAT, _END = 1, 8, 0xCE
_LONGEST = 131_072
"""Bytes of a frame: what RabbitMQ proposes."""
_MOST_CLOSED = 256
_RELEASES = {
    "3.8.9": ("Erlang/OTP 23.2.6", "2007-2020"),
    "3.9.13": ("Erlang/OTP 24.2.1", "2007-2022"),
    "3.10.8": ("Erlang/OTP 25.2.3", "2007-2022"),
    "3.12.1": ("Erlang/OTP 25.3.2.8", "2007-2023"),
}
"""RabbitMQ in Debian 11, Ubuntu 22.04, Debian 12 and Ubuntu 24.04: version to platform and years."""
_CAPABILITIES = (
    "publisher_confirms",
    "exchange_exchange_bindings",
    "basic.nack",
    "consumer_cancel_notify",
    "connection.blocked",
    "consumer_priorities",
    "authentication_failure_close",
    "per_consumer_qos",
    "direct_reply_to",
)
_START_OK, _TUNE_OK, _OPEN, _CLOSE, _CLOSE_OK = (10, 11), (10, 31), (10, 40), (10, 50), (10, 51)
_CHANNEL_OPEN, _CHANNEL_CLOSE, _CHANNEL_CLOSE_OK = (20, 10), (20, 40), (20, 41)
_GRANTED = {(20, 20): (20, 21, b"\x01"), (60, 10): (60, 11, b""), (85, 10): (85, 11, b"")}
"""Flow, qos and confirm.select: what a client does before it does anything."""
_REFUSED = {
    (40, 10): ("exchange.declare", "configure", ("exchange", "type")),
    (40, 20): ("exchange.delete", "configure", ("exchange",)),
    (50, 10): ("queue.declare", "configure", ("queue",)),
    (50, 20): ("queue.bind", "write", ("queue", "exchange", "routing_key")),
    (50, 30): ("queue.purge", "read", ("queue",)),
    (50, 40): ("queue.delete", "configure", ("queue",)),
    (50, 50): ("queue.unbind", "write", ("queue", "exchange", "routing_key")),
    (60, 20): ("basic.consume", "read", ("queue",)),
    (60, 40): ("basic.publish", "write", ("exchange", "routing_key")),
    (60, 70): ("basic.get", "read", ("queue",)),
}
"""Method to its name, the permission it takes, and the short strings behind its first, reserved field."""


@dataclass(frozen=True, slots=True)
class AmqpSettings(StreamSettings):
    """``[traps.amqp]``."""

    bind: tuple[str, ...] = ("127.0.0.1:5672",)
    tls: bool = True
    """TLS is told apart from AMQP by its first byte."""


class AmqpConversation(Conversation):
    """A broker whose every user may connect and has no permission in any virtual host."""

    def __init__(self, identity: Identity, number: int) -> None:
        super().__init__(identity, number)
        self._buffer = bytearray()
        self._greeted = False
        self._login: dict[str, Any] = {}
        """User, password and program, once shown; they stand in every later note."""
        self._vhost = ""
        self._closed: set[int] = set()
        """Channels that the server has closed and the client not yet."""

    def feed(self, data: bytes) -> Iterable[Step]:
        self._buffer += data
        if not self._greeted:
            if len(self._buffer) < len(_HEADER):
                return
            header = bytes(self._buffer[: len(_HEADER)])
            del self._buffer[: len(_HEADER)]
            self._greeted = True
            yield Record("header", {"protocol": header[4:].hex()})
            if header != _HEADER:
                yield Send(_HEADER)
                yield Close()
                return
            yield Send(_frame(0, 10, 10, self._start()))
        while (frame := self._frame()) is not None:
            yield from self._handle_frame(*frame)

    def _frame(self) -> tuple[int, int, bytes] | None:
        """Type, channel and payload of the next frame; None while it is not complete."""
        if len(self._buffer) < 7:
            return None
        kind, channel, size = struct.unpack(">BHI", self._buffer[:7])
        if size > _LONGEST:
            raise ValueError("the frame is too long")
        if len(self._buffer) < 8 + size:
            return None
        if self._buffer[7 + size] != _END:
            raise ValueError("the frame does not end")
        payload = bytes(self._buffer[7 : 7 + size])
        del self._buffer[: 8 + size]
        return kind, channel, payload

    def _handle_frame(self, kind: int, channel: int, payload: bytes) -> Iterator[Step]:
        if kind == _HEARTBEAT:
            yield Send(struct.pack(">BHIB", _HEARTBEAT, 0, 0, _END))
        elif kind == _METHOD:
            body = Octets(payload, "big")
            method = body.number(2), body.number(2)
            if method == _START_OK and not self._login:
                yield from self._start_ok(body)
            elif not self._login:
                raise ValueError("expected start-ok")
            elif channel == 0:
                yield from self._connection(method, body)
            else:
                yield from self._channel(channel, method, body)

    def _start_ok(self, body: Octets) -> Iterator[Step]:
        properties = field_table.read_field_table(body)
        mechanism = decoded(body.next_bytes(body.number(1)))
        response = body.next_bytes(body.number(4))
        client = " ".join(str(properties[name]) for name in ("product", "version") if name in properties)
        self._login = {**_credentials(mechanism, response), "client": client}
        yield Record("login", {**self._login, "mechanism": mechanism, "properties": properties})
        if "user" not in self._login or not self.identity.admits(str(self._login.get("password", ""))):
            text = f"ACCESS_REFUSED - Login was refused using authentication mechanism {mechanism}. "
            text += "For details see the broker logfile."
            yield Send(_frame(0, *_CLOSE, _refusal(text, 0, 0)))
            yield Close()
        else:
            yield Send(_frame(0, 10, 30, struct.pack(">HIH", 2047, _LONGEST, 60)))

    def _connection(self, method: tuple[int, int], body: Octets) -> Iterator[Step]:
        if method == _OPEN:
            self._vhost = decoded(body.next_bytes(body.number(1)))
            yield Record("open", {**self._login, "database": self._vhost})
            yield Send(_frame(0, 10, 41, b"\0"))
        elif method == _CLOSE:
            yield Send(_frame(0, *_CLOSE_OK, b""))
            yield Close()
        elif method == _CLOSE_OK:
            yield Close()
        elif method != _TUNE_OK:
            raise ValueError("no method of a connection")

    def _channel(self, channel: int, method: tuple[int, int], body: Octets) -> Iterator[Step]:
        if method == _CHANNEL_OPEN:
            self._closed.discard(channel)
            yield Send(_frame(channel, 20, 11, bytes(4)))
        elif method == _CHANNEL_CLOSE:
            self._closed.discard(channel)
            yield Send(_frame(channel, *_CHANNEL_CLOSE_OK, b""))
        elif method == _CHANNEL_CLOSE_OK:
            self._closed.discard(channel)
        elif channel in self._closed:
            return  # said before it knew (1.4.2.5)
        elif method in _GRANTED:
            yield Send(_frame(channel, *_GRANTED[method]))
        else:
            yield from self._refuse(channel, method, body)

    def _refuse(self, channel: int, method: tuple[int, int], body: Octets) -> Iterator[Step]:
        """Every use of an exchange or a queue; anything else the same way, by its numbers."""
        name, permission, fields = _REFUSED.get(method, (f"{method[0]}.{method[1]}", "configure", ()))
        shown = dict.fromkeys(fields, "")
        if fields:
            body.next_bytes(2)
            shown = {field: decoded(body.next_bytes(body.number(1))) for field in fields}
        yield Record("method", {**self._login, "database": self._vhost, "command": name, **shown})
        if len(self._closed) >= _MOST_CLOSED:
            raise ValueError("too many channels")
        self._closed.add(channel)
        user = self._login.get("user", "")
        noun = fields[0] if fields else "exchange"
        named = shown.get(noun) or ("amq.default" if noun == "exchange" else "")
        text = (
            f"ACCESS_REFUSED - {permission} access to {noun} '{named}' in vhost '{self._vhost}' "
            f"refused for user '{user}'"
        )
        yield Send(_frame(channel, *_CHANNEL_CLOSE, _refusal(text, *method)))

    def _start(self) -> bytes:
        """The arguments of Connection.Start; the release and the node's name are this installation's."""
        host = self.identity.host
        version = host.release("rabbitmq")
        platform, years = _RELEASES[version]
        properties = (
            _field("capabilities", b"F" + _long(b"".join(_field(name, b"t\x01") for name in _CAPABILITIES)))
            + _text_field("cluster_name", f"rabbit@{host.name}")
            + _text_field("copyright", f"Copyright (c) {years} VMware, Inc. or its affiliates.")
            + _text_field("information", "Licensed under the MPL 2.0. Website: https://rabbitmq.com")
            + _text_field("platform", platform)
            + _text_field("product", "RabbitMQ")
            + _text_field("version", version)
        )
        return b"\x00\x09" + _long(properties) + _long(b"PLAIN AMQPLAIN") + _long(b"en_US")


def _credentials(mechanism: str, response: bytes) -> dict[str, Any]:
    """User and password where the mechanism shows them: PLAIN (RFC 4616), AMQPLAIN (RabbitMQ's); else the response."""
    if mechanism == "PLAIN" and response.count(b"\0") >= 2:
        _, user, password = response.split(b"\0", 2)
        return {"user": decoded(user), "password": decoded(password)}
    if mechanism == "AMQPLAIN":
        table = field_table.read_field_table(Octets(len(response).to_bytes(4, "big") + response, "big"))
        return {"user": str(table.get("LOGIN", "")), "password": str(table.get("PASSWORD", ""))}
    return {"response": decoded(response)}


def _frame(channel: int, class_id: int, method_id: int, arguments: bytes) -> bytes:
    payload = struct.pack(">HH", class_id, method_id) + arguments
    return struct.pack(">BHI", _METHOD, channel, len(payload)) + payload + bytes((_END,))


def _refusal(text: str, class_id: int, method_id: int) -> bytes:
    """The arguments of a Close: reply code 403, access-refused (1.2)."""
    return struct.pack(">H", 403) + _short(text) + struct.pack(">HH", class_id, method_id)


def _short(text: str) -> bytes:
    data = text.encode("utf-8", "backslashreplace")[:255]
    return bytes((len(data),)) + data


def _long(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _field(name: str, value: bytes) -> bytes:
    return _short(name) + value


def _text_field(name: str, value: str) -> bytes:
    return _field(name, b"S" + _long(value.encode()))


class AmqpTrap(StreamTrap):
    """AMQP 0-9-1, plain and over TLS on the same port."""

    name = "amqp"
    Settings = AmqpSettings
    conversation = AmqpConversation
