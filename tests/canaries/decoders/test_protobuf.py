"""Strings of protocol buffers, alone and in the frames of gRPC."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "protobuf": lambda data: b"\x0a" + varint(len(data)) + data + b"\x12\x03bob\x18\x07",
    "grpc": lambda data: frame(b"\x08\x01" + field(2, field(12, data) + field(12, b"bob"))),
    "grpc-web, as text": lambda data: (
        base64.b64encode(frame(field(12, data) + field(12, b"bob")))
        + base64.b64encode(b"\x80\0\0\0\x0fgrpc-status:0\r\n")
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def field(number: int, value: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(value)) + value


def frame(message: bytes) -> bytes:
    return b"\0" + len(message).to_bytes(4, "big") + message


def test_a_string_between_lengths_and_tags_that_are_letters(texts: Callable[[bytes], set[bytes]]) -> None:
    for size in (32, 40, 48, 65, 97, 110):
        token = (b"Zk39aXQ7vT2mLw8RtYb4" * 7)[:size]
        assert token in texts(
            b"\x09" + bytes(8) + b"\x15" + bytes(4) + field(1, field(12, token) + field(12, b"bob"))
        )


@pytest.mark.parametrize(
    "data",
    [
        b"\x0a\x14short\x01",
        b"\x0b\x0aabcdefghij\x01",
        b"\x0a" + b"\xff" * 12,
        b"\x02\x0aabcdefghij",
        b"\0\0\0\1\0abc",
    ],
)
def test_what_is_no_message_gives_nothing(data: bytes, texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"abcdefghij" not in texts(data)
