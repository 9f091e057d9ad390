"""Whether binary data that came out of a decoder is worth a look, or is what ordinary words give.

Asked of each run of letters that might be base64 or hexadecimal, so it is one attempt of each decoder that has no mark.
"""

from __future__ import annotations

import zlib

from canaries.decoders._printable import magic_at, readable_at, worth

_LOOKED_AT, _GIVEN = 256, 4096
_LZMA = b"]\0\0"
_RARE = (
    b"LZIP\1",
    b"\x04\x22\x4d\x18",
    b"mozLz40",
    b"LZ4Block",
    b"\xff\x06\0\0sNaPpY",
    b"\x82SNAPPY",
    b"LZFu",
)
_NEAR = 32
"""Bytes in which these stand: a head, or some numbers, may be before them."""
_PGP = (b"\xa3\1", b"\xa3\2", b"\xa3\3", b"\xc8")
"""OpenPGP's packets of compressed data (RFC 9580, section 5.6): what is signed, and stored, but not encrypted."""
_OVERLONG = (0xC0, 0xC1, 0xE0)
"""With what characters begin that take more bytes than UTF-8 allows."""
COST = 10_000
"""Work of one look."""


def promising(data: bytes) -> bool:
    """Whether it holds text or the mark of something compressed, or begins as bare deflate, zlib or brotli do."""
    if readable_at(data) >= 0 or magic_at(data) >= 0 or 3 * data.count(0) >= len(data):
        return True
    if data.startswith((_LZMA, *_PGP)) or any(mark in data[:_NEAR] for mark in _RARE):
        return True
    if 3 * sum(map(data.count, _OVERLONG)) >= len(data):
        return True
    return is_zlib(data) or is_framed(data) or _deflated(data) or _brotli(data) or _unicode(data)


def is_zlib(data: bytes) -> bool:
    """RFC 1950, section 2.2: deflate, a window of at most 32 KB, a check of the two bytes."""
    return len(data) > 8 and data[0] & 15 == 8 and data[0] >> 4 <= 7 and (data[0] << 8 | data[1]) % 31 == 0


def is_framed(data: bytes) -> bool:
    """gRPC, PROTOCOL-HTTP2.md, *Length-Prefixed-Message*: a flag, and how much follows."""
    return len(data) > 5 and data[0] in (0, 1) and 0 < int.from_bytes(data[1:5], "big") <= len(data) - 5


def _deflated(data: bytes) -> bool:
    program = zlib.decompressobj(-15)
    try:
        given = program.decompress(data[:_LOOKED_AT], _GIVEN)
    except zlib.error:
        return False
    return program.eof or worth(given)


def _brotli(data: bytes) -> bool:
    import brotli  # type: ignore[import-untyped]

    program = brotli.Decompressor()
    try:
        given = program.process(data[:_LOOKED_AT], output_buffer_limit=_GIVEN)
    except brotli.error:
        return False
    return program.is_finished() or worth(given)


def _unicode(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
