"""Strings behind a byte that says how long they are."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "BER": lambda data: b"\x30\x80\x04" + bytes([len(data)]) + data + b"\x30\x00",
    "zigzag": lambda data: b"\x01\0\0\x01" + varint(2 * len(data)) + data + b"\0",
    "pickle": lambda data: pickle.dumps({"k": data.decode()}, 2),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"pickle", "zigzag", "BER"}


@pytest.mark.parametrize("length", [32, 48, 50, 65, 90, 97, 122])
def test_a_length_that_is_a_letter_does_not_hide_the_string_behind_it(
    texts: Callable[[bytes], set[bytes]], length: int
) -> None:
    token = (b"Zk39aXQ7vT2mLw8RtYb4" * 7)[:length]
    found = texts(b"\x00\x04" + bytes([length]) + token + bytes([14]) + b"another string0\x01")
    assert any(token in text.split(b"\n") for text in found)
    assert any(b"another string" in text.split(b"\n") for text in found)


def varint(number: int) -> bytes:
    return bytes([number]) if number < 128 else bytes([number & 127 | 128, number >> 7])


@pytest.mark.parametrize("length", [24, 33, 40, 45, 50, 56, 61])
@pytest.mark.parametrize("more", [0, 1, 12, 13])
def test_twice_the_length_may_be_a_letter(
    texts: Callable[[bytes], set[bytes]], length: int, more: int
) -> None:
    """Zigzag of Avro and Kafka, AMF 3, blobs and texts of SQLite."""
    token = (b"Zk39aXQ7vT2mLw8RtYb4" * 4)[:length]
    if 2 * length + more < 127:
        assert any(
            token in text.split(b"\n") for text in texts(b"\0\1" + bytes([2 * length + more]) + token + b"\0")
        )
