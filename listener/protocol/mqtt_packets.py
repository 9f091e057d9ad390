"""Parts of MQTT packets, and which of them Mosquitto takes: it ends a connection over any that break the standard.

MQTT 3.1.1 and 5.0 (OASIS): 1.5.3 and 1.5.4 strings, 2.2.2.2 properties, 3.1.2 flags of CONNECT, 4.7 topics.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

from canaries.core.text import decoded
from listener.protocol.octets import Octets

_WIDTHS = {
    **dict.fromkeys((0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A), 1),
    **dict.fromkeys((0x13, 0x21, 0x22, 0x23), 2),
    **dict.fromkeys((0x02, 0x11, 0x18, 0x27), 4),
}
"""Properties of fixed width (5.0, 2.2.2.2); 0x0B has a variable integer, 0x26 two strings, every other one string."""
_IDENTIFIER, _PAIR, MECHANISM, _DATA = 0x0B, 0x26, 0x15, 0x16
_RECEIVE, _SIZE = 0x21, 0x27
_OF_CONNECT = frozenset({0x11, _RECEIVE, _SIZE, 0x22, 0x19, 0x17, _PAIR, MECHANISM, _DATA})
_PUBLISH = 3
MALFORMED, PROTOCOL_ERROR = 0x81, 0x82
"""Reasons of DISCONNECT (5.0, 3.14.2.1)."""


class MqttError(ValueError):
    """A packet over which the connection is ended; ``reason``: what DISCONNECT says in 5.0, or 0 where none is sent."""

    def __init__(self, text: str, reason: int = 0) -> None:
        super().__init__(text)
        self.reason = reason


def string(body: Octets) -> bytes:
    """A string behind its length. Raises ShortError."""
    return body.next_bytes(body.number(2))


def variable(body: Octets) -> int:
    """A variable byte integer (1.5.5). Raises ValueError."""
    value = 0
    for shift in range(0, 28, 7):
        byte = body.number(1)
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value
    raise ValueError("no variable byte integer")


def properties(body: Octets) -> dict[int, list[object]]:
    """Number to its values, in order; text as it came. Raises ValueError."""
    inner = Octets(body.next_bytes(variable(body)), "big")
    found: dict[int, list[object]] = {}
    while inner.left:
        number = variable(inner)
        value: object
        if number == _IDENTIFIER:
            value = variable(inner)
        elif number in _WIDTHS:
            value = inner.number(_WIDTHS[number])
        else:
            value = b"=".join(string(inner) for _ in range(2 if number == _PAIR else 1))
        found.setdefault(number, []).append(value)
    return found


def texts(found: Mapping[int, list[object]]) -> dict[str, str]:
    """The properties that are text, the last of each."""
    return {
        f"property_{number}": decoded(said[-1])
        for number, said in found.items()
        if isinstance(said[-1], bytes)
    }


def not_of_connect(found: Mapping[int, list[object]]) -> bool:
    """Whether properties are none that CONNECT may have, or have values that it may not (3.1.2.11)."""
    twice = any(len(values) > 1 for number, values in found.items() if number != _PAIR)
    none = any(0 in found.get(number, ()) for number in (_RECEIVE, _SIZE))
    return twice or none or not found.keys() <= _OF_CONNECT


def bad_flags(level: int, flags: int) -> bool:
    """Whether flags of CONNECT do not go together (3.1.2.4 to 3.1.2.9)."""
    without_will = not flags & 0x04 and flags & 0x38
    password_alone = flags & 0x40 and not flags & 0x80 and level < 5
    return bool(without_will or password_alone or flags & 0x18 == 0x18)


def is_text(data: bytes) -> bool:
    """Whether it is UTF-8 without control characters and what is no character."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    return not any(ord(one) < 0x20 or 0x7F <= ord(one) < 0xA0 or ord(one) & 0xFFFE == 0xFFFE for one in text)


def may_be_topic(data: bytes) -> bool:
    """Whether a message may be sent to it (4.7.1, 4.7.3)."""
    return bool(data) and is_text(data) and b"+" not in data and b"#" not in data


def filters(body: Octets, options: int, most: int) -> list[str]:
    """Topic filters up to the end, each with ``options`` bytes behind it. Raises ValueError."""
    found = []
    while body.left:
        topic = string(body)
        quality = body.number(options) & 3 if options else 0
        if not topic or not is_text(topic):
            raise MqttError("no topic", MALFORMED)
        if quality == 3:
            raise MqttError("no quality of service", MALFORMED)
        found.append(decoded(topic))
        if len(found) > most:
            raise ValueError("too many topics")
    if not found:
        raise MqttError("no topic", MALFORMED)
    return found


def published(data: bytes) -> list[bytes]:
    """Of the messages in what a client sent all that stands behind their topics. Never raises."""
    found: list[bytes] = []
    source = Octets(data, "big")
    with contextlib.suppress(ValueError):
        while source.left:
            kind = source.number(1)
            body = source.next_bytes(min(variable(source), source.left))
            if kind >> 4 == _PUBLISH:
                topic = int.from_bytes(body[:2], "big")
                found.append(body[2 + topic + (2 if kind & 6 else 0) :])
    return found
