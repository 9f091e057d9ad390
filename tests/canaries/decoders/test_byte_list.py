"""Bytes as numbers."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "byte list of Go": lambda data: b"[" + b" ".join(b"%d" % byte for byte in data) + b"]",
    "byte list": lambda data: json.dumps({"type": "Buffer", "data": list(data)}).encode(),
    "byte list, signed": lambda data: json.dumps(
        [byte - 256 if byte > 127 else byte for byte in data]
    ).encode(),
    "bytes of Node.js": lambda data: (
        b"Uint8Array(%d) [\n  " % len(data)
        + b"".join(b"%3d,%s" % (byte, b"\n  " if at % 12 == 11 else b" ") for at, byte in enumerate(data))
        + b"\n]"
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


@pytest.mark.parametrize("between", [b" ", b"\n", b"\r\n", b"\t", b";"])
def test_text_in_a_row_or_a_column(texts: Callable[[bytes], set[bytes]], between: bytes) -> None:
    codes = between.join(b"%d" % code for code in b"Zk39aXQ7vT2mLw8RtYb4")
    assert b"Zk39aXQ7vT2mLw8RtYb4" in texts(b"the key is" + between + codes + between + b"so use it")


def test_numbers_that_were_counted_are_no_text(texts: Callable[[bytes], set[bytes]]) -> None:
    assert len(texts(b"\n".join(b"%d" % (137 * number % 256) for number in range(100)))) == 1


def test_columns_of_od(texts: Callable[[bytes], set[bytes]]) -> None:
    codes = [b"%5d" % code for code in b"Zk39aXQ7vT2mLw8RtYb4"]
    assert b"Zk39aXQ7vT2mLw8RtYb4" in texts(b"".join(codes[:16]) + b"\n" + b"".join(codes[16:]) + b"\n")
