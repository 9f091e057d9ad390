"""The AMQP trap: user and password in clear, then a broker that lets this user open channels and do nothing on them.

AMQP 0-9-1 as in the specification (https://www.rabbitmq.com/resources/specs/amqp0-9-1.pdf): section 4.2.2 the protocol
header, with
what a server answers to versions that it does not speak, 4.2.3 frames.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from canaries.core.text import decoded
from listener.evidence.reading import Reading
from listener.evidence.sighting import Sighting
from listener.protocol import amqp_frames, field_table
from listener.protocol.amqp_channels import BrokerRefusalError, Channels
from listener.protocol.amqp_frames import field, long, method, refusal, text_field
from listener.protocol.conversation import Close, Conversation, Record, Send, Step
from listener.protocol.identity import Identity
from listener.protocol.octets import Octets
from listener.traps._stream import StreamSettings, StreamTrap, also

_VERSIONS = {
    b"AMQP\x00\x00\x09\x01": b"\x00\x09",
    b"AMQP\x01\x01\x00\x09": b"\x00\x09",
    b"AMQP\x01\x01\x08\x00": b"\x08\x00",
}
"""Header to the version that Connection.Start tells: 0-9-1, 0-9 and 0-8, which RabbitMQ speaks alike."""
_HEADER, _OLDEST = next(iter(_VERSIONS)), b"\x08\x00"
_CHANNEL_LIMIT, _SMALLEST = 2047, 4096
_RELEASES = {
    "3.8.9": ("Erlang/OTP 23.2.6", "2007-2020"),
    "3.9.13": ("Erlang/OTP 24.2.1", "2007-2022"),
    "3.10.8": ("Erlang/OTP 25.2.3", "2007-2022"),
    "3.12.1": ("Erlang/OTP 25.3.2.8", "2007-2023"),
}
"""RabbitMQ in Debian 11, Ubuntu 22.04, Debian 12 and Ubuntu 24.04: version to platform and years."""
_NAMING_PERMISSIONS = ("3.12.1",)
"""Releases whose refusals say which permission is missing."""
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
_OTHERS = frozenset({(10, 11), (10, 31), (10, 40), (20, 10), (20, 40), (50, 10), (60, 40)})
"""Methods that are known and do not belong on a running connection's channel 0."""


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
        self._version = b""
        """As Connection.Start told it; empty before the header."""
        self._login: dict[str, Any] = {}
        """User, password and program, once shown; they stand in every later note."""
        self._next = _START_OK
        """The one method that is taken now; `_CLOSE_OK` once the connection is over, `_CLOSE` while it runs."""
        self._channels: Channels | None = None

    def feed(self, data: bytes) -> Iterable[Step]:
        self._buffer += data
        if not self._version:
            if len(self._buffer) < len(_HEADER):
                return
            header = bytes(self._buffer[: len(_HEADER)])
            known = header in _VERSIONS
            del self._buffer[: len(_HEADER) if known else None]  # what is no AMQP is one text
            yield Record("header", {"protocol": header[4:].hex()})
            if not known:
                yield Send(_HEADER)
                yield Close()
                return
            self._version = _VERSIONS[header]
            yield Send(method(0, (10, 10), self._start()))
        while True:
            try:
                frame = self._frame()
                if frame is None:
                    return
                yield from self._handle_frame(*frame)
            except BrokerRefusalError as problem:
                self._next, self._channels = _CLOSE_OK, None
                yield Send(problem.said)
                if problem.final:
                    yield Close()
                    return

    def _frame(self) -> tuple[int, int, bytes] | None:
        """Type, channel and payload of the next frame; None while it is not complete."""
        if len(self._buffer) < 7:
            return None
        kind, channel, size = struct.unpack(">BHI", self._buffer[:7])
        if size > amqp_frames.LONGEST - 8:
            raise self._frame_error(kind, b"", f"{{frame_too_large,{size},{amqp_frames.LONGEST - 8}}}")
        if len(self._buffer) < 8 + size:
            return None
        payload, end = bytes(self._buffer[7 : 7 + size]), self._buffer[7 + size]
        if end != amqp_frames.END:
            raise self._frame_error(kind, payload, f"{{invalid_frame_end_marker,{end}}}")
        del self._buffer[: 8 + size]
        return kind, channel, payload

    def _frame_error(self, kind: int, payload: bytes, why: str) -> Exception:
        if self._next != _CLOSE:
            return ValueError("no frame")
        text = f"type {kind}, all octets = {amqp_frames.octets(payload)}: {why}"
        return BrokerRefusalError(refusal(0, 501, text), final=True)

    def _handle_frame(self, kind: int, channel: int, payload: bytes) -> Iterator[Step]:
        channels, over = self._channels, self._next == _CLOSE_OK
        if kind == amqp_frames.HEARTBEAT and channel == 0:
            if channels is not None:
                yield Send(amqp_frames.frame(amqp_frames.HEARTBEAT, 0, b""))
            return
        if kind == amqp_frames.METHOD:
            body = Octets(payload, "big")
            which = body.number(2), body.number(2)
            if over:
                if which == _CLOSE_OK:
                    yield Close()
            elif channels is None or channel == 0:
                yield from self._connection(which, body)
            else:
                yield from channels.method(channel, which, body)
        elif over:
            return
        elif channels is None:
            raise ValueError("no method")
        elif kind in (amqp_frames.CONTENT_HEADER, amqp_frames.CONTENT_BODY):
            yield from channels.content(kind, channel, payload)
        else:
            text = f"type {kind}, all octets = {amqp_frames.octets(payload)}"
            raise BrokerRefusalError(refusal(0, 505, text))

    def _connection(self, which: tuple[int, int], body: Octets) -> Iterator[Step]:
        """A method on channel 0."""
        if self._next == _CLOSE:
            if which == _CLOSE:
                self._next, self._channels = _CLOSE_OK, None
                yield Send(method(0, _CLOSE_OK))
            elif which in _OTHERS:
                text = "unexpected method in connection state running"
                raise BrokerRefusalError(refusal(0, 504, text, which))
            else:
                raise ValueError("no method of a connection")
        elif which != self._next:
            raise ValueError("another method was expected")
        elif which == _START_OK:
            yield from self._start_ok(body)
        elif which == _TUNE_OK:
            if (
                not 1 <= body.number(2) <= _CHANNEL_LIMIT
                or not _SMALLEST <= body.number(4) <= amqp_frames.LONGEST
            ):
                raise ValueError("limits that are not to be had")
            self._next = _OPEN
        else:
            yield from self._open(decoded(body.next_bytes(body.number(1))))

    def _open(self, vhost: str) -> Iterator[Step]:
        yield Record("open", {**self._login, "database": vhost})
        worded = self.identity.host.release("rabbitmq") in _NAMING_PERMISSIONS
        self._channels = Channels(self._login, vhost, names_permission=worded, queue=self._queue)
        self._next = _CLOSE
        yield Send(method(0, (10, 41), b"\0"))

    def _queue(self) -> str:
        drawn = self.identity.challenge(f"amqp:queue:{self.number}", 16)
        return f"amq.gen-{base64.urlsafe_b64encode(drawn).decode().rstrip('=')}"

    def _start_ok(self, body: Octets) -> Iterator[Step]:
        properties = field_table.read_field_table(body)
        mechanism = decoded(body.next_bytes(body.number(1)))
        response = body.next_bytes(body.number(4))
        client = " ".join(str(properties[name]) for name in ("product", "version") if name in properties)
        self._login = {**_credentials(mechanism, response), "client": client}
        yield Record("login", {**self._login, "mechanism": mechanism, "properties": properties})
        if "user" in self._login and self.identity.admits(str(self._login.get("password", ""))):
            self._next = _TUNE_OK
            yield Send(method(0, (10, 30), struct.pack(">HIH", _CHANNEL_LIMIT, amqp_frames.LONGEST, 60)))
            return
        told = properties.get("capabilities")
        if isinstance(told, dict) and told.get("authentication_failure_close") is True:
            text = f"Login was refused using authentication mechanism {mechanism}. "
            yield Send(refusal(0, 403, f"{text}For details see the broker logfile."))
        yield Close()

    def _start(self) -> bytes:
        """The arguments of Connection.Start; the release and the node's name are this installation's."""
        host = self.identity.host
        version = host.release("rabbitmq")
        platform, years = _RELEASES[version]
        able = b"".join(field(name, b"t\x01") for name in _CAPABILITIES) if self._version != _OLDEST else b""
        properties = (
            field("capabilities", b"F" + long(able))
            + text_field("cluster_name", f"rabbit@{host.name}")
            + text_field("copyright", f"Copyright (c) {years} VMware, Inc. or its affiliates.")
            + text_field("information", "Licensed under the MPL 2.0. Website: https://rabbitmq.com")
            + text_field("platform", platform)
            + text_field("product", "RabbitMQ")
            + text_field("version", version)
        )
        return self._version + long(properties) + long(b"PLAIN AMQPLAIN") + long(b"en_US")


def _credentials(mechanism: str, response: bytes) -> dict[str, Any]:
    """User and password where the mechanism shows them: PLAIN (RFC 4616), AMQPLAIN (RabbitMQ's); else the response."""
    if mechanism == "PLAIN" and response.count(b"\0") >= 2:
        _, user, password = response.split(b"\0", 2)
        return {"user": decoded(user), "password": decoded(password)}
    if mechanism == "AMQPLAIN":
        table = field_table.read_field_table(Octets(len(response).to_bytes(4, "big") + response, "big"))
        return {"user": str(table.get("LOGIN", "")), "password": str(table.get("PASSWORD", ""))}
    return {"response": decoded(response)}


class AmqpTrap(StreamTrap):
    """AMQP 0-9-1, plain and over TLS on the same port."""

    name = "amqp"
    Settings = AmqpSettings
    conversation = AmqpConversation

    @staticmethod
    def read(sighting: Sighting) -> Reading:
        """As of every trap; and values of field tables, and what stands across several frames."""
        return also(StreamTrap.read(sighting), amqp_frames.apart(sighting.raw))
