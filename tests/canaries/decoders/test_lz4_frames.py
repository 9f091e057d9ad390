"""LZ4 in frames, by lz4 itself, and in those of Firefox and Java."""

from __future__ import annotations

from collections.abc import Callable

import lz4.block
import lz4.frame

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "lz4": lz4.frame.compress,
    "mozLz4": lambda data: (
        b"mozLz40\0" + len(data).to_bytes(4, "little") + lz4.block.compress(data, store_size=False)
    ),
    "LZ4Block": lambda data: (
        b"LZ4Block\x25"
        + len(lz4.block.compress(data, store_size=False)).to_bytes(4, "little")
        + len(data).to_bytes(4, "little")
        + b"chek"
        + lz4.block.compress(data, store_size=False)
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def test_blocks_that_copy_from_each_other(texts: Callable[[bytes], set[bytes]]) -> None:
    text = b"".join(b"user%d@example.org,Zk39aXQ7vT2m\n" % number for number in range(9000))
    packed = lz4.frame.compress(
        text, block_size=lz4.frame.BLOCKSIZE_MAX64KB, block_linked=True, block_checksum=True
    )
    assert text in texts(b"something before" + packed)


def test_what_is_cut_short_gives_what_came_before(texts: Callable[[bytes], set[bytes]]) -> None:
    packed = lz4.frame.compress(b"key=Zk39aXQ7vT2mLw8RtYb4 and more of it " * 30)
    assert any(b"Zk39aXQ7vT2mLw8RtYb4" in text for text in texts(packed[:-12]))
