"""Snappy (format_description.txt of google/snappy) in its frames (framing_format.txt), and in those of
snappy-java, which Kafka's clients write."""

from __future__ import annotations

from collections.abc import Iterator

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._copied import repeat
from canaries.decoders._decoys import places

_FRAMED, _JAVA = b"\xff\x06\0\0sNaPpY", b"\x82SNAPPY\0"
_JAVA_HEAD = len(_JAVA) + 8
"""Two versions of four bytes each."""
_PACKED, _PLAIN, _RESERVED = 0, 1, 0x80
_MOST = 10_000
_EACH = 300
"""Work of one step: it is done in Python."""


class SnappyDecoder(Decoder):
    """``sNaPpY``."""

    name = "snappy"
    holds = (b"sNaPpY", b"SNAPPY")
    signs = ((b"sNaPpY", rb"sNaPpY"), (b"\x82SNAPPY", rb"\x82SNAPPY"), (b"/wYAAHNOYVBwW", rb"/wYAAHNOYVBwW"))

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        for magic, chunks in ((_FRAMED, _framed), (_JAVA, _of_java)):
            for start in places(data, magic, found):
                given = bytearray()
                for packed, chunk in chunks(data, start):
                    if len(given) > found.room:
                        found.note("bytes")
                        break
                    if not found.spend(len(chunk)):
                        break
                    given += unpacked(chunk, found) if packed else chunk
                found.add(bytes(given), data[start : start + 64])


def _framed(data: bytes, start: int) -> Iterator[tuple[bool, bytes]]:
    at = start + len(_FRAMED)
    for _ in range(_MOST):
        kind, size = data[at : at + 1], int.from_bytes(data[at + 1 : at + 4], "little")
        if not kind or (_PLAIN < kind[0] < _RESERVED):
            return
        if kind[0] in (_PACKED, _PLAIN):  # behind a check of four bytes
            yield kind[0] == _PACKED, data[at + 8 : at + 4 + size]
        at += 4 + size


def _of_java(data: bytes, start: int) -> Iterator[tuple[bool, bytes]]:
    at = start + _JAVA_HEAD
    for _ in range(_MOST):
        size = int.from_bytes(data[at : at + 4], "big")
        if not size or at + 4 >= len(data):
            return
        yield True, data[at + 4 : at + 4 + size]
        at += 4 + size


def unpacked(block: bytes, found: Found) -> bytes:
    """What one block holds, as far as it is whole and there is room for it."""
    at = next((place for place, code in enumerate(block[:5]) if code < 0x80), len(block)) + 1
    given = bytearray()
    while at < len(block) and len(given) < found.room and found.spend(_EACH):
        tag = block[at]
        kind, size = tag & 3, (tag >> 2) + 1
        if kind == 0:
            more = max(0, size - 60)
            if more:
                size = int.from_bytes(block[at + 1 : at + 1 + more], "little") + 1
            given += block[at + 1 + more : at + 1 + more + size]
            at += 1 + more + size
            continue
        width = (1, 2, 4)[kind - 1]
        back = int.from_bytes(block[at + 1 : at + 1 + width], "little")
        if kind == 1:
            back, size = (tag >> 5) << 8 | back, (tag >> 2 & 7) + 4
        at += 1 + width
        try:
            repeat(given, back, size)
        except ValueError:
            break
    return bytes(given)
