"""Frames, methods and refusals of AMQP 0-9-1 (specification, section 4.2.3), as RabbitMQ words them."""

from __future__ import annotations

import re
import struct
from itertools import islice

METHOD, CONTENT_HEADER, CONTENT_BODY, HEARTBEAT, END = 1, 2, 3, 8, 0xCE
LONGEST = 131_072
"""Bytes of a frame with its eight of head and end: what RabbitMQ proposes."""
_STRING = re.compile(rb"[Sx](?=(\0[\0-\x02]..))", re.DOTALL)
_SHORTEST, _MOST_STRINGS = 8, 256
_NAMES = {
    311: "CONTENT_TOO_LARGE",
    403: "ACCESS_REFUSED",
    404: "NOT_FOUND",
    406: "PRECONDITION_FAILED",
    501: "FRAME_ERROR",
    503: "COMMAND_INVALID",
    504: "CHANNEL_ERROR",
    505: "UNEXPECTED_FRAME",
    530: "NOT_ALLOWED",
    540: "NOT_IMPLEMENTED",
}
"""Reply codes (1.2)."""


def frame(kind: int, channel: int, payload: bytes) -> bytes:
    """One frame."""
    return struct.pack(">BHI", kind, channel, len(payload)) + payload + bytes((END,))


def method(channel: int, number: tuple[int, int], arguments: bytes = b"") -> bytes:
    """A method frame; ``number``: of its class and its own."""
    return frame(METHOD, channel, struct.pack(">HH", *number) + arguments)


def refusal(channel: int, code: int, text: str, cause: tuple[int, int] = (0, 0)) -> bytes:
    """Close of a channel, or of the connection where it is 0; ``cause``: the method that led to it."""
    said = struct.pack(">H", code) + short(f"{_NAMES[code]} - {text}") + struct.pack(">HH", *cause)
    return method(channel, (20, 40) if channel else (10, 50), said)


def short(text: str) -> bytes:
    """A string of at most 255 bytes."""
    data = text.encode("utf-8", "backslashreplace")[:255]
    return bytes((len(data),)) + data


def long(data: bytes) -> bytes:
    """Any bytes behind their length."""
    return struct.pack(">I", len(data)) + data


def field(name: str, value: bytes) -> bytes:
    """An entry of a table; ``value``: with the letter of its type."""
    return short(name) + value


def text_field(name: str, value: str) -> bytes:
    """An entry that is text."""
    return field(name, b"S" + long(value.encode()))


def octets(payload: bytes) -> str:
    """Bytes as Erlang writes them."""
    return f"<<{','.join(map(str, payload[:32]))}{',...' if len(payload) > 32 else ''}>>"


def apart(data: bytes) -> list[bytes]:
    """In what a client sent: the content of messages, without the length before it and put together where it came in
    several frames, and the strings of all field tables, whatever they stand in. Never raises."""
    parts: dict[int, list[bytes]] = {}
    found: list[bytes] = []
    at = 8 if data.startswith(b"AMQP") else 0
    while at + 7 <= len(data):
        kind, channel, size = struct.unpack_from(">BHI", data, at)
        payload = data[at + 7 : at + 7 + size]
        if kind == CONTENT_BODY:
            parts.setdefault(channel, []).append(payload)
        elif len(found) < _MOST_STRINGS:
            found += _strings(payload)
        at += 8 + size
    return found[:_MOST_STRINGS] + [b"".join(pieces) for pieces in parts.values()]


def _strings(payload: bytes) -> list[bytes]:
    """What may be a string of a field table: the letter of its type, and a length that fits (4.2.5.5)."""
    found = []
    for match in islice(_STRING.finditer(payload), _MOST_STRINGS):
        begin, size = match.end() + 4, int.from_bytes(match[1], "big")
        if _SHORTEST <= size <= len(payload) - begin:
            found.append(payload[begin : begin + size])
    return found
