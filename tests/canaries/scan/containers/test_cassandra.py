"""Chunks of Cassandra's tables are unpacked, whatever their size; what is damaged is named, what is none is left."""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import lz4.block
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.containers import HEAD, Unreadable
from canaries.scan.containers.cassandra import CassandraContainer
from canaries.scan.dumps import DumpReading, Piece


def table_of_cassandra(content: bytes, size: int = 4096) -> bytes:
    found = b""
    for start in range(0, len(content), size):
        part = content[start : start + size]
        chunk = struct.pack("<i", len(part)) + bytes(lz4.block.compress(part, store_size=False))
        found += chunk + struct.pack(">I", zlib.crc32(chunk))
    return found


PACKERS: dict[str, Callable[[bytes], bytes]] = {}
"""It holds rows: a short one that cannot be packed is nothing to be sure by, and stands there as it is."""


def read(packed: bytes) -> tuple[list[bytes], list[str]]:
    found = list(DumpReading(1 << 26).file("nb-1-big-Data.db", io.BytesIO(packed)))
    pieces = [one.content for one in found if isinstance(one, Piece)]
    return pieces, [one.reason for one in found if isinstance(one, Unreadable)]


@pytest.mark.parametrize("size", [4096, 16_384, 65_536, 1 << 20])
@pytest.mark.parametrize("rows", [2, 40, 9_000, 60_000])
def test_all_chunks_are_unpacked(size: int, rows: int) -> None:
    content = b"".join(b"person.%d@example.org, City %d\n" % (n * 7919, n % 7) for n in range(rows))
    pieces, unread = read(table_of_cassandra(content, size))
    assert not unread
    assert any(piece.endswith(content[-40:]) for piece in pieces)


def test_what_is_damaged_is_named() -> None:
    packed = table_of_cassandra(b"some text, and some text; " * 3000)
    for cut in (packed[:-3], packed[:9000] + b"\xff" + packed[9001:]):
        pieces, unread = read(cut)
        assert unread
        assert pieces


@given(st.binary(max_size=HEAD))
def test_other_files_are_none(head: bytes) -> None:
    assert not CassandraContainer().fits(b"\0\0\1\0" + head)
    assert not CassandraContainer().fits(head)


def test_no_file_of_python_is_one() -> None:
    seen = 0
    for path in islice((one for one in Path(os.__file__).parent.rglob("*.*") if one.is_file()), 5_000):
        with path.open("rb") as file:
            assert not CassandraContainer().fits(file.read(HEAD)), path
        seen += 1
    assert seen > 500
