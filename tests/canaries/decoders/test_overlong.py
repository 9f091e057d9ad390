"""Characters in more bytes than UTF-8 allows."""

from __future__ import annotations

from collections.abc import Callable


def in_two(data: bytes) -> bytes:
    return b"".join(
        bytes([0xC0 | code >> 6, 0x80 | code & 0x3F]) if code < 0x80 else bytes([code]) for code in data
    )


def in_three(data: bytes) -> bytes:
    return b"".join(
        bytes([0xE0, 0x80 | code >> 6, 0x80 | code & 0x3F]) if code < 0x80 else bytes([code]) for code in data
    )


WRAPPERS: dict[str, Callable[[bytes], bytes]] = {"overlong": in_two}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"overlong"}
"""It writes characters: in binary data a byte may look like half of one."""


def test_three_bytes_and_the_zero_byte_of_java(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"Zk39aXQ7vT2mLw8RtYb4" in texts(in_three(b"Zk39aXQ7vT2mLw8RtYb4"))
    assert b"user\0Zk39aXQ7vT2mLw8RtYb4" in texts(b"user\xc0\x80Zk39aXQ7vT2mLw8RtYb4")


def test_percent_encoded_as_scanners_send_it(texts: Callable[[bytes], set[bytes]]) -> None:
    path = b"/" + b"".join(b"%%%02x" % byte for byte in in_two(b"Zk39aXQ7vT2mLw8RtYb4"))
    assert b"/Zk39aXQ7vT2mLw8RtYb4" in texts(path)
