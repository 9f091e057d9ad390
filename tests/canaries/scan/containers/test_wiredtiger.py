"""A file of WiredTiger is searched as it is, and named."""

from __future__ import annotations

import io

from canaries.scan.containers import Unreadable
from canaries.scan.dumps import DumpReading, Piece
from tests.every import every

PACKERS: dict[str, object] = {}
HEADS = {
    "a table": b"\x41\xd8\x01\0\x01\0\0\0",
    "the log": (128).to_bytes(4, "little") + bytes(12) + b"\x64\x10\x10\0",
}


@every("sort", HEADS)
def test_it_is_searched_and_named(sort: str) -> None:
    content = HEADS[sort].ljust(4096, b"\0") + b"needle"
    results = list(DumpReading(1 << 20).file("collection-0.wt", io.BytesIO(content)))
    assert any(isinstance(one, Piece) and b"needle" in one.content for one in results)
    assert [one.reason for one in results if isinstance(one, Unreadable)] == [
        "its blocks may be packed: run mongodump, and scan what that writes"
    ]


def test_zeros_are_none() -> None:
    assert not [
        one for one in DumpReading(1).file("x", io.BytesIO(bytes(100))) if isinstance(one, Unreadable)
    ]
