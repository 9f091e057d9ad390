"""What only its end tells is named."""

from __future__ import annotations

import io

import pytest

from canaries.scan.containers import Unreadable
from canaries.scan.dumps import DumpReading, Piece
from canaries.scan.endings import strange

_ENDS = {
    "leveldb": (0xDB4775248B80FB57).to_bytes(8, "little"),
    "rocksdb": (0x88E241B785F4CFF7).to_bytes(8, "little"),
    "disk image": (b"koly" + (4).to_bytes(4, "big")).ljust(512, b"\0"),
    "zip": b"PK\x05\x06\x03\0" + bytes(16),
}


@pytest.mark.parametrize("sort", _ENDS)
def test_each_is_searched_and_named(sort: str) -> None:
    results = list(DumpReading(1 << 20).file("file", io.BytesIO(b"needle" + bytes(3000) + _ENDS[sort])))
    assert any(isinstance(one, Piece) and b"needle" in one.content for one in results)
    assert [sort in one.reason.lower() for one in results if isinstance(one, Unreadable)] == [True]


@pytest.mark.parametrize("tail", [b"", b"text\n", bytes(600), b"koly\0\0\0\x04"])
def test_other_ends_tell_nothing(tail: bytes) -> None:
    assert not strange(tail)
