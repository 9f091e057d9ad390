"""Blocks of LZ4 that say how long they are are unpacked; what is damaged is named."""

from __future__ import annotations

import io
from collections.abc import Callable

import lz4.block

from canaries.scan.containers import Unreadable
from canaries.scan.dumps import DumpReading, Piece
from tests.every import every


def mozilla(content: bytes) -> bytes:
    return b"mozLz40\0" + bytes(lz4.block.compress(content, store_size=True))


def click_house(content: bytes) -> bytes:
    found = b""
    for start in range(0, len(content), 2000):
        part = content[start : start + 2000]
        packed = bytes(lz4.block.compress(part, store_size=False))
        lengths = (len(packed) + 9).to_bytes(4, "little") + len(part).to_bytes(4, "little")
        found += bytes(range(128, 144)) + b"\x82" + lengths + packed
    return found


PACKERS: dict[str, Callable[[bytes], bytes]] = {"mozLz4": mozilla, "ClickHouse": click_house}


@every("form", PACKERS)
def test_a_damaged_block_is_named(form: str) -> None:
    packed = PACKERS[form](b"some text, and some text; " * 300)
    for cut in (packed[:-3], packed + b"\0"):
        results = list(DumpReading(1 << 20).file("dump", io.BytesIO(cut)))
        assert [one for one in results if isinstance(one, Unreadable)]
        assert [one for one in results if isinstance(one, Piece)]
