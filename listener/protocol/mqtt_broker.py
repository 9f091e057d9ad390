"""A broker's side of MQTT, over a connection of its own or over WebSocket: who logs in may use no topic.

MQTT 3.1, 3.1.1 and 5.0 as in the OASIS standards: section 2 the packet's form, 3.1 CONNECT, 3.3 PUBLISH, 3.8 SUBSCRIBE.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from canaries.core.text import decoded
from listener.protocol import mqtt_packets
from listener.protocol.conversation import Close, Conversation, Record, Send, Step
from listener.protocol.identity import Identity
from listener.protocol.mqtt_packets import MqttError
from listener.protocol.octets import Octets

_LONGEST = 262_144
_MOST_FILTERS = 256
_LONGEST_NOTED = 4096
_CONNECT = 1
_SILENT = (4, 5, 7)
"""PUBACK, PUBREC, PUBCOMP: answers to what the trap never sends."""
_NOT_AUTHORISED = 0x87
_NAMES = {b"MQIsdp": (3,), b"MQTT": (4, 5)}
"""Protocol name to its levels: 3.1; 3.1.1 and 5.0."""


class MqttConversation(Conversation):
    """A broker that takes no client without a login and gives it no topic."""

    def __init__(self, identity: Identity, number: int) -> None:
        super().__init__(identity, number)
        self._level = 0
        """Protocol level, once CONNECT has told it."""
        self._login: dict[str, Any] = {}
        """What CONNECT showed; stands in every later note."""

    def feed(self, data: bytes) -> Iterable[Step]:
        self._buffer += data
        while (packet := self._packet()) is not None:
            kind, body = packet[0], Octets(packet[1], "big")
            if not self._level:
                yield from self._connect(body)
                continue
            try:
                yield from self._answer(kind, body)
            except MqttError as problem:
                yield Record("unreadable", {**self._login, "error": str(problem)})
                yield Send(bytes((0xE0, 1, problem.reason)) if self._level == 5 and problem.reason else b"")
                yield Close()
                return

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
            if len(self._buffer) > 5:
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
        name, said, flags = mqtt_packets.string(body), body.number(1), body.number(1)
        keep_alive, level = body.number(2), said & 0x7F if said != 0x85 else said
        if level not in _NAMES.get(name, ()):
            yield Record("connect", {"protocol": f"{decoded(name)} {said}"})
            if name in _NAMES:
                yield Send(b"\x20\x02\x00\x01")  # unacceptable version
            yield Close()
            return
        if flags & 1:
            raise ValueError("a flag that is reserved")  # 3.1.2.3
        self._level = level
        shown: dict[str, Any] = {"protocol": level, "keep_alive": keep_alive}
        told = mqtt_packets.properties(body) if level == 5 else {}
        bad = mqtt_packets.not_of_connect(told) or mqtt_packets.bad_flags(level, flags)
        shown |= mqtt_packets.texts(told)
        client = mqtt_packets.string(body)
        self._login = {"client_id": decoded(client)}
        names = [client]
        if flags & 0x04:
            shown |= {f"will_{name}": value for name, value in self._properties(body).items()}
            topic = mqtt_packets.string(body)
            shown["will_topic"] = decoded(topic)
            shown["will"] = decoded(mqtt_packets.string(body)[:_LONGEST_NOTED])
            bad = bad or not mqtt_packets.may_be_topic(topic)
            names.append(topic)
        if flags & 0x80:
            names.append(mqtt_packets.string(body))
            self._login["user"] = decoded(names[-1])
        if flags & 0x40:
            self._login["password"] = decoded(mqtt_packets.string(body))
        yield Record("login", {**self._login, **shown})
        if bad or body.left or not all(map(mqtt_packets.is_text, names)):
            yield Close()  # a protocol error, of which nothing is said
            return
        yield from self._judge(
            client, nameless=level < 5 and not client and (level == 3 or not flags & 2), told=told
        )

    def _judge(self, client: bytes, *, nameless: bool, told: Mapping[int, object]) -> Iterator[Step]:
        """``nameless``: the client has no name, and this server gives it none."""
        if nameless:
            yield Send(b"\x20\x02\x00\x02")  # 3.1.3.1
            yield Close()
        elif mqtt_packets.MECHANISM in told:
            yield Send(b"\x20\x03\x00\x8c\x00")  # bad authentication method
            yield Close()
        elif self.identity.admits(self._login.get("password", "")) and self._login.get("password"):
            yield Send(self._welcome(nameless=not client))
        else:
            yield Send(
                b"\x20\x02\x00\x05" if self._level < 5 else b"\x20\x03\x00\x87\x00"
            )  # 3.2.2.3; 5.0: 3.2.2.2
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
                yield from self._subscribe(kind, body)
            case 10:  # UNSUBSCRIBE
                number = self._number(kind, body)
                self._properties(body)
                topics = mqtt_packets.filters(body, 0, _MOST_FILTERS)
                yield Record("unsubscribe", {**self._login, "topics": topics})
                codes = bytes((_NOT_AUTHORISED,)) * len(topics)
                yield Send(_packed(0xB0, number + (b"\0" + codes if self._level == 5 else b"")))
            case 12:  # PINGREQ
                yield Send(b"\xd0\x00")
            case 14:  # DISCONNECT
                yield Close()
            case 0:
                raise MqttError("no packet", mqtt_packets.PROTOCOL_ERROR)
            case answer if answer not in _SILENT:
                raise MqttError("no packet of a client")

    def _number(self, kind: int, body: Octets) -> bytes:
        """A packet's identifier, where its flags are as they must be (2.2.2)."""
        number = body.next_bytes(2)
        if kind & 0x0F != 2 or number == bytes(2):
            raise MqttError("no flags or identifier of a packet", mqtt_packets.MALFORMED)
        return number

    def _publish(self, kind: int, body: Octets) -> Iterator[Step]:
        topic, level = mqtt_packets.string(body), kind >> 1 & 3
        number = body.next_bytes(2) if level else b""
        shown = self._properties(body)
        message = body.rest()
        if level == 3 or number == bytes(2):
            raise MqttError("no quality of service, or no identifier", mqtt_packets.MALFORMED)
        shown |= {"topic": decoded(topic), "message": decoded(message[:_LONGEST_NOTED]), "size": len(message)}
        yield Record("publish", {**self._login, **shown})
        if not mqtt_packets.may_be_topic(topic):
            raise MqttError("no topic", mqtt_packets.PROTOCOL_ERROR)
        if level:  # 3.1.1 has no way to refuse; brokers take it and drop it (3.3.5)
            refusal = bytes((_NOT_AUTHORISED,)) if self._level == 5 else b""
            yield Send(_packed(0x40 if level == 1 else 0x50, number + refusal))

    def _subscribe(self, kind: int, body: Octets) -> Iterator[Step]:
        number = self._number(kind, body)
        self._properties(body)
        topics = mqtt_packets.filters(body, 1, _MOST_FILTERS)
        yield Record("subscribe", {**self._login, "topics": topics})
        refusal = (
            b"\0" + bytes((_NOT_AUTHORISED,)) * len(topics) if self._level == 5 else b"\x80" * len(topics)
        )
        yield Send(_packed(0x90, number + refusal))

    def _properties(self, body: Octets) -> dict[str, Any]:
        """The properties of a 5.0 packet that are text, by number; none in older versions."""
        if self._level < 5:
            return {}
        return mqtt_packets.texts(mqtt_packets.properties(body))


def _text(value: str) -> bytes:
    data = value.encode()
    return len(data).to_bytes(2, "big") + data


def _packed(first: int, body: bytes) -> bytes:
    """A packet; at most some hundred bytes, as every answer is."""
    low, high = len(body) & 0x7F, len(body) >> 7
    return bytes((first, low | 0x80, high) if high else (first, low)) + body
