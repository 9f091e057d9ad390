"""Frames, methods and refusals of AMQP 0-9-1 (specification, section 4.2.3), as RabbitMQ words them."""

from __future__ import annotations

import struct

METHOD, CONTENT_HEADER, CONTENT_BODY, HEARTBEAT, END = 1, 2, 3, 8, 0xCE
LONGEST = 131_072
"""Bytes of a frame with its eight of head and end: what RabbitMQ proposes."""
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
