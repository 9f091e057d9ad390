"""Snappy in its frames (``framing_format.txt`` of google/snappy), and in those of snappy-java, which Kafka's clients
write."""

from __future__ import annotations

from collections.abc import Iterator

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._decoys import places
from canaries.decoders._snappy_block import JAVA, JAVA_HEAD, unpacked

_FRAMED = b"\xff\x06\0\0sNaPpY"
_PACKED, _PLAIN, _RESERVED = 0, 1, 0x80
_MOST = 10_000


class SnappyDecoder(Decoder):
    """``sNaPpY``."""

    name = "snappy"
    holds = (b"sNaPpY", b"SNAPPY")
    signs = ((b"sNaPpY", rb"sNaPpY"), (b"\x82SNAPPY", rb"\x82SNAPPY"), (b"/wYAAHNOYVBwW", rb"/wYAAHNOYVBwW"))

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        for magic, chunks in ((_FRAMED, _framed), (JAVA, _of_java)):
            for start in places(data, magic, found):
                given = bytearray()
                for packed, chunk in chunks(data, start):
                    if len(given) > found.room:
                        found.note("bytes")
                        break
                    if not found.spend(len(chunk)):
                        break
                    given += unpacked(chunk, found.room, found.spend) if packed else chunk
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
    at = start + JAVA_HEAD
    for _ in range(_MOST):
        size = int.from_bytes(data[at : at + 4], "big")
        if not size or at + 4 >= len(data):
            return
        yield True, data[at + 4 : at + 4 + size]
        at += 4 + size
