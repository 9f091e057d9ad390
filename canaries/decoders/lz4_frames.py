"""LZ4 (lz4_Block_format.md and lz4_Frame_format.md of lz4/lz4): its frames, ``mozLz4`` of Firefox' sessions
and bookmarks, and ``LZ4Block`` of lz4-java."""

from __future__ import annotations

from collections.abc import Iterator

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._copied import repeat
from canaries.decoders._decoys import places

_FRAME, _MOZILLA, _JAVA = b"\x04\x22\x4d\x18", b"mozLz40\0", b"LZ4Block"
_JAVA_HEAD = len(_JAVA) + 13
"""A method, three numbers of four bytes: packed, plain, a check."""
_STORED, _JAVA_STORED = 1 << 31, 0x10
_MOST = 10_000
_EACH = 300
"""Work of one step: it is done in Python."""


class Lz4Decoder(Decoder):
    """``.lz4``, ``.jsonlz4``."""

    name = "lz4"
    holds = (_FRAME, _MOZILLA, _JAVA)
    signs = ((b"bW96THo0", rb"bW96THo0MA"), (b"BCJNGE", rb"BCJNGE[A-Za-z0-9+/]{8}"))

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        for magic, blocks in ((_FRAME, _framed), (_MOZILLA, _of_mozilla), (_JAVA, _of_java)):
            for start in places(data, magic, found):
                given = bytearray()
                for packed, block in blocks(data, start):
                    if len(given) > found.room:
                        found.note("bytes")
                        break
                    if not found.spend(len(block)):
                        break
                    if packed:
                        unpack(block, given, found)
                    else:
                        given += block
                found.add(bytes(given), data[start : start + 64])


def _framed(data: bytes, start: int) -> Iterator[tuple[bool, bytes]]:
    flags = data[start + 4] if start + 4 < len(data) else 0
    checked, sized, dictionary = flags >> 4 & 1, flags >> 3 & 1, flags & 1
    at = start + 7 + 8 * sized + 4 * dictionary
    for _ in range(_MOST):
        size = int.from_bytes(data[at : at + 4], "little")
        if not size & ~_STORED or at + 4 >= len(data):
            return
        end = at + 4 + (size & ~_STORED)
        yield not size & _STORED, data[at + 4 : end]
        at = end + 4 * checked


def _of_mozilla(data: bytes, start: int) -> Iterator[tuple[bool, bytes]]:
    yield True, data[start + len(_MOZILLA) + 4 :]


def _of_java(data: bytes, start: int) -> Iterator[tuple[bool, bytes]]:
    at = start
    for _ in range(_MOST):
        if not data.startswith(_JAVA, at) or at + _JAVA_HEAD > len(data):
            return
        method, size = data[at + 8] & 0xF0, int.from_bytes(data[at + 9 : at + 13], "little")
        at += _JAVA_HEAD
        yield method != _JAVA_STORED, data[at : at + size]
        at += size


def unpack(block: bytes, given: bytearray, found: Found) -> None:
    """Append what one block holds, as far as it is whole and there is room; it may copy from what was ``given``."""
    at = 0
    while at < len(block) and len(given) < found.room and found.spend(_EACH):
        token = block[at]
        size, at = _length(block, at + 1, token >> 4)
        given += block[at : at + size]
        at += size
        if at + 2 > len(block):  # the last sequence has literals alone
            return
        back = int.from_bytes(block[at : at + 2], "little")
        size, at = _length(block, at + 2, token & 15)
        try:
            repeat(given, back, min(size + 4, found.room))
        except ValueError:
            return


def _length(block: bytes, at: int, size: int) -> tuple[int, int]:
    """A length that begins with four bits, and where it ends."""
    if size < 15:
        return size, at
    end = at
    while end < len(block) and block[end] == 255:
        end += 1
    last = block[end] if end < len(block) else 0
    return size + 255 * (end - at) + last, end + 1
