"""Strings of MessagePack."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "messagepack": lambda data: msgspec.msgpack.encode({"key": data, "user": "somebody"}),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def test_a_number_that_is_a_letter_does_not_hide_the_end_of_a_string(
    texts: Callable[[bytes], set[bytes]],
) -> None:
    token = b"Zk39aXQ7vT2mLw8RtYb4"
    packed = msgspec.msgpack.encode([{"a": [token.decode(), 65, 66]}, {token.decode()[::-1]: 67}])
    assert token + b"AB" in packed
    assert {token, token[::-1]} <= texts(packed)


@pytest.mark.parametrize(
    "data", [b"\x93\xa3abc", b"\x91\xc1", b"\x91" * 5000, b"\xdd\xff\xff\xff\xff\x01", b"\x81\x90\x01\x01"]
)
def test_what_is_cut_deep_or_none_of_it_gives_nothing(
    data: bytes, texts: Callable[[bytes], set[bytes]]
) -> None:
    assert texts(data) <= {data, data[1:]}
