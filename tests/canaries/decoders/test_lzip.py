"""lzip, with Python's LZMA and the head that lzip writes."""

from __future__ import annotations

import lzma
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "lzip": lambda data: (
        b"\0\1LZIP\x01\x10"
        + lzma.compress(data, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16}])
        + bytes(4)
        + len(data).to_bytes(8, "little")
        + bytes(8)
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def test_a_dictionary_that_wants_much_memory_is_left(texts: Callable[[bytes], set[bytes]]) -> None:
    packed = WRAPPERS["lzip"](b"key=Zk39aXQ7vT2mLw8RtYb4")
    assert b"key=Zk39aXQ7vT2mLw8RtYb4" in texts(packed)
    assert b"key=Zk39aXQ7vT2mLw8RtYb4" not in texts(packed[:7] + b"\x1d" + packed[8:])
