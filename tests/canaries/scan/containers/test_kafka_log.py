"""Batches of Kafka's logs that Snappy packed are unpacked; what is damaged is named, what is none is left."""

from __future__ import annotations

import gzip
import io
import struct
from collections.abc import Callable

import lz4.frame
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.containers import HEAD, Unreadable
from canaries.scan.containers.kafka_log import KafkaLogContainer
from canaries.scan.dumps import DumpReading, Piece
from tests.canaries.decoders.test_snappy_frames import WRAPPERS, block

TEXT = b"some text, and some more of that text; " * 60


def batch(records: bytes, codec: int, count: int = 60) -> bytes:
    rest = struct.pack(">iBIHiqqqhiI", 0, 2, 0, codec, count - 1, 0, 0, -1, -1, -1, count) + records
    return struct.pack(">qi", 0, len(rest)) + rest


def read(segment: bytes) -> tuple[list[bytes], list[str]]:
    found = list(DumpReading(1 << 20).file("00000000000000000000.log", io.BytesIO(segment)))
    pieces = [one.content for one in found if isinstance(one, Piece)]
    return pieces, [one.reason for one in found if isinstance(one, Unreadable)]


CODECS: dict[str, tuple[int, Callable[[bytes], bytes]]] = {
    "none": (0, bytes),
    "gzip": (1, gzip.compress),
    "snappy": (2, block),
    "snappy of Java": (2, WRAPPERS["snappy of Java"]),
    "lz4": (3, lz4.frame.compress),
    "zstd": (4, zstd.compress),
}
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    f"Kafka, {name}": lambda content, codec=codec, pack=pack: batch(pack(content), codec)  # type: ignore[misc]
    for name, (codec, pack) in CODECS.items()
}


def test_batches_of_every_codec_are_found_in_one_segment() -> None:
    segment, texts = b"", []
    for turn, (name, (codec, pack)) in enumerate([*CODECS.items(), *CODECS.items()]):
        texts.append(b"%d %s: " % (turn, name.encode()) + TEXT)
        segment += batch(pack(texts[-1]), codec) * 2
    pieces, unread = read(segment + bytes(5000))
    assert not unread
    for text in texts:
        assert sum(piece.count(text) for piece in pieces) == 2, text[:12]


def test_what_stands_behind_a_damaged_batch_is_searched() -> None:
    pieces, unread = read(batch(block(TEXT), 2) + b"damaged " * 20 + b"a line behind it")
    assert unread
    assert any(TEXT in piece for piece in pieces)
    assert any(b"a line behind it" in piece for piece in pieces)


def test_what_is_damaged_is_named() -> None:
    packed = block(TEXT)
    whole = batch(packed, 2)
    for damaged in (
        whole[:-3],
        whole + b"rubbish" * 20,
        batch(packed[:9] + b"\xff" * 40, 2),
        batch(WRAPPERS["snappy of Java"](TEXT)[:-3], 2),
        batch(b"\xff" * 6, 2),
    ):
        pieces, unread = read(damaged)
        assert unread, damaged[-20:]
        assert pieces


@given(st.binary(max_size=HEAD))
def test_other_files_are_none(head: bytes) -> None:
    assert not KafkaLogContainer().fits(head[:8] + b"\x7f\xff\xff\xff" + head)
    assert not KafkaLogContainer().fits(bytes(16) + b"\1" + head)
