"""Strings of CBOR, by an encoder of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "cbor": lambda data: b"\xa2\x63key" + head(2, len(data)) + data + b"\x64user\x63bob",
    "cbor, in pieces": lambda data: (
        b"\x9f\x5f"
        + b"".join(head(2, len(part)) + part for part in (data[:7], data[7:15], data[15:]))
        + b"\xff\xff"
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def head(kind: int, size: int) -> bytes:
    """RFC 8949, section 3."""
    if size < 24:
        return bytes([kind << 5 | size])
    width = 1 if size < 256 else 2 if size < 65_536 else 4
    return bytes([kind << 5 | {1: 24, 2: 25, 4: 26}[width]]) + size.to_bytes(width, "big")


def test_a_short_text_whose_length_is_a_letter_is_found(texts: Callable[[bytes], set[bytes]]) -> None:
    token = b"Zk39aXQ7vT2mLw8RtYb4"
    assert b"t" + token[:0] == head(3, 20)
    assert token in texts(b"\xa2\x63key" + head(3, 20) + token + b"\x64user\x63bob")
    assert token in texts(b"\x82\xc1\x1a\x51\x4b\x67\xb0\xd8\x20" + head(3, 20) + token)


@pytest.mark.parametrize(
    "data",
    [b"\x82", b"\x81\x7c", b"\x81\x7b" + b"\xff" * 8, b"\x81\x78\x20short", b"\x9f\x7f\x7f\xff", b"\x81\x1f"],
)
def test_what_is_cut_or_no_cbor_gives_nothing(data: bytes, texts: Callable[[bytes], set[bytes]]) -> None:
    assert texts(data + b"\x62ab") - {data + b"\x62ab"} == set()


def test_pieces_are_found_behind_other_bytes(texts: Callable[[bytes], set[bytes]]) -> None:
    pieces = head(3, 7) + b"Zk39aXQ" + head(3, 13) + b"7vT2mLw8RtYb4"
    assert b"Zk39aXQ7vT2mLw8RtYb4" in texts(b"\x01\x02some text: \x7f" + pieces + b"\xff")
    assert b"Zk39aXQ7vT2mLw8RtYb4" not in texts(b"\x01\x02some text: \x7f" + pieces)
