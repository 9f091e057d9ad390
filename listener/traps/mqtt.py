"""The MQTT trap: client id, user, password and will of CONNECT; then a broker whose access list allows nothing.

MQTT 3.1, 3.1.1 and 5.0 as in the OASIS standards: section 2 the packet's form, 3.1 CONNECT, 3.3 PUBLISH, 3.8 SUBSCRIBE.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from canaries.core.text import decoded
from listener.protocol.conversation import Close, Conversation, Record, Send, Step
from listener.protocol.identity import Identity
from listener.protocol.octets import Octets
from listener.traps._stream import StreamSettings, StreamTrap

_LONGEST = 262_144
_MOST_FILTERS = 256
_LONGEST_NOTED = 4096
_CONNECT = 1
_SILENT = (4, 5, 7)
"""PUBACK, PUBREC, PUBCOMP: answers to what the trap never sends."""
_NOT_AUTHORISED = 0x87
_NAMES = {b"MQIsdp": (3,), b"MQTT": (4, 5)}
"""Protocol name to its levels: 3.1; 3.1.1 and 5.0."""
_WIDTHS = {
    **dict.fromkeys((0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A), 1),
    **dict.fromkeys((0x13, 0x21, 0x22, 0x23), 2),
    **dict.fromkeys((0x02, 0x11, 0x18, 0x27), 4),
}
"""Properties of fixed width (5.0, 2.2.2.2); 0x0B has a variable integer, 0x26 two strings, every other one string."""


@dataclass(frozen=True, slots=True)
class MqttSettings(StreamSettings):
    """``[traps.mqtt]``."""

    bind: tuple[str, ...] = ("127.0.0.1:1883",)
    tls: bool = True
    """TLS is told apart from MQTT by its first byte."""
    idle_seconds: float = 120.0
    """Twice the keep-alive that most clients ask for."""


class MqttConversation(Conversation):
    """A broker that takes no client without a login and gives it no topic."""

    def __init__(self, identity: Identity, number: int) -> None:
        super().__init__(identity, number)
        self._buffer = bytearray()
        self._level = 0
        """Protocol level, once CONNECT has told it."""
        self._login: dict[str, Any] = {}
        """What CONNECT showed; stands in every later note."""

    def feed(self, data: bytes) -> Iterable[Step]:
        self._buffer += data
        while (packet := self._packet()) is not None:
            kind, body = packet[0], Octets(packet[1], "big")
            if (kind >> 4 == _CONNECT) == bool(self._level):
                raise ValueError("CONNECT comes first, and once")
            yield from self._connect(body) if not self._level else self._answer(kind, body)

    def _packet(self) -> tuple[int, bytes] | None:
        """First byte and body of the next packet; None while it is not complete."""
        if self._buffer and not self._level and self._buffer[0] != _CONNECT << 4:
            raise ValueError("no MQTT")
        size = begin = 0
        for begin in range(1, min(len(self._buffer), 5)):
            size |= (self._buffer[begin] & 0x7F) << 7 * (begin - 1)
            if not self._buffer[begin] & 0x80:
                break
        else:
            if begin == 4:
                raise ValueError("no length of a packet")
            return None
        if size > _LONGEST:
            raise ValueError("the packet is too long")
        end = begin + 1 + size
        if len(self._buffer) < end:
            return None
        packet = self._buffer[0], bytes(self._buffer[begin + 1 : end])
        del self._buffer[:end]
        return packet

    def _connect(self, body: Octets) -> Iterator[Step]:
        name, level, flags = _string(body), body.number(1), body.number(1)
        keep_alive = body.number(2)
        if level not in _NAMES.get(name, ()):
            yield Record("connect", {"protocol": f"{decoded(name)} {level}"})
            if name in _NAMES:
                yield Send(b"\x20\x02\x00\x01")  # unacceptable version
            yield Close()
            return
        if flags & 1:
            raise ValueError("a flag that is reserved")  # 3.1.2.3
        self._level = level
        shown: dict[str, Any] = {"protocol": level, "keep_alive": keep_alive}
        shown |= self._properties(body)
        client = _string(body)
        self._login = {"client_id": decoded(client)}
        if flags & 0x04:
            shown |= {f"will_{name}": value for name, value in self._properties(body).items()}
            shown["will_topic"] = decoded(_string(body))
            shown["will"] = decoded(_string(body)[:_LONGEST_NOTED])
        if flags & 0x80:
            self._login["user"] = decoded(_string(body))
        if flags & 0x40:
            self._login["password"] = decoded(_string(body))
        yield Record("login", {**self._login, **shown})
        if level == 4 and not client and not flags & 2:
            yield Send(b"\x20\x02\x00\x02")  # 3.1.3.1
            yield Close()
        elif self.identity.admits(self._login.get("password", "")) and self._login.get("password"):
            yield Send(self._welcome(nameless=not client))
        else:
            yield Send(b"\x20\x02\x00\x05" if level < 5 else b"\x20\x03\x00\x87\x00")  # 3.2.2.3; 5.0: 3.2.2.2
            yield Close()

    def _welcome(self, *, nameless: bool) -> bytes:
        """CONNACK, accepted; in 5.0 a client without a name is given one (3.2.2.3.7)."""
        if self._level < 5:
            return b"\x20\x02\x00\x00"
        # What Mosquitto tells by default: topic alias maximum 10, receive maximum 20.
        properties = b"\x22\x00\x0a" + (b"\x12" + _text(self._given()) if nameless else b"") + b"\x21\x00\x14"
        return _packed(0x20, b"\x00\x00" + bytes((len(properties),)) + properties)

    def _given(self) -> str:
        drawn = self.identity.stream("mqtt").draw_bytes(f"client {self.number}", 16)
        return f"auto-{uuid.UUID(bytes=drawn, version=4)}".upper().replace("AUTO", "auto")

    def _answer(self, kind: int, body: Octets) -> Iterator[Step]:
        match kind >> 4:
            case 3:  # PUBLISH
                yield from self._publish(kind, body)
            case 6:  # PUBREL, which PUBCOMP answers
                yield Send(b"\x70\x02" + body.next_bytes(2))
            case 8:  # SUBSCRIBE
                yield from self._subscribe(body)
            case 10:  # UNSUBSCRIBE
                number = body.next_bytes(2)
                self._properties(body)
                topics = _filters(body, 0)
                yield Record("unsubscribe", {**self._login, "topics": topics})
                codes = bytes((_NOT_AUTHORISED,)) * len(topics)
                yield Send(_packed(0xB0, number + (b"\0" + codes if self._level == 5 else b"")))
            case 12:  # PINGREQ
                yield Send(b"\xd0\x00")
            case 14:  # DISCONNECT
                yield Close()
            case answer if answer not in _SILENT:
                raise ValueError("no packet of a client")

    def _publish(self, kind: int, body: Octets) -> Iterator[Step]:
        topic, level = _string(body), kind >> 1 & 3
        number = body.next_bytes(2) if level else b""
        shown = self._properties(body)
        message = body.rest()
        shown |= {"topic": decoded(topic), "message": decoded(message[:_LONGEST_NOTED]), "size": len(message)}
        yield Record("publish", {**self._login, **shown})
        if level:  # 3.1.1 has no way to refuse; brokers take it and drop it (3.3.5)
            refusal = bytes((_NOT_AUTHORISED,)) if self._level == 5 else b""
            yield Send(_packed(0x40 if level == 1 else 0x50, number + refusal))

    def _subscribe(self, body: Octets) -> Iterator[Step]:
        number = body.next_bytes(2)
        self._properties(body)
        topics = _filters(body, 1)
        yield Record("subscribe", {**self._login, "topics": topics})
        refusal = (
            b"\0" + bytes((_NOT_AUTHORISED,)) * len(topics) if self._level == 5 else b"\x80" * len(topics)
        )
        yield Send(_packed(0x90, number + refusal))

    def _properties(self, body: Octets) -> dict[str, Any]:
        """The properties of a 5.0 packet that are text, by number; none in older versions."""
        if self._level < 5:
            return {}
        inner, found = Octets(body.next_bytes(_variable(body)), "big"), {}
        while inner.left:
            number = _variable(inner)
            if number == 0x0B:
                _variable(inner)
            elif number in _WIDTHS:
                inner.next_bytes(_WIDTHS[number])
            else:
                texts = [decoded(_string(inner)) for _ in range(2 if number == 0x26 else 1)]
                found[f"property_{number}"] = "=".join(texts)
        return found


def _filters(body: Octets, options: int) -> list[str]:
    """Topic filters up to the end, each with ``options`` bytes behind it."""
    found = []
    while body.left:
        found.append(decoded(_string(body)))
        body.next_bytes(options)
        if len(found) > _MOST_FILTERS:
            raise ValueError("too many topics")
    return found


def _string(body: Octets) -> bytes:
    return body.next_bytes(body.number(2))


def _variable(body: Octets) -> int:
    """A variable byte integer (1.5.5)."""
    value = 0
    for shift in range(0, 28, 7):
        byte = body.number(1)
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value
    raise ValueError("no variable byte integer")


def _text(value: str) -> bytes:
    data = value.encode()
    return len(data).to_bytes(2, "big") + data


def _packed(first: int, body: bytes) -> bytes:
    """A packet; at most some hundred bytes, as every answer is."""
    low, high = len(body) & 0x7F, len(body) >> 7
    return bytes((first, low | 0x80, high) if high else (first, low)) + body


class MqttTrap(StreamTrap):
    """MQTT, plain and over TLS on the same port."""

    name = "mqtt"
    Settings = MqttSettings
    conversation = MqttConversation
