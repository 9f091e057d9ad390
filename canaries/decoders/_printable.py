"""Telling text from noise in what came out of a decoder.

By `bytes.translate` and `bytes.find`: a megabyte of noise costs some milliseconds, an expression ten times that.
"""

from __future__ import annotations

from collections.abc import Iterator

_TEXT = bytes({*range(0x20, 0x7F), 9, 10, 13})
_LETTER, _OTHER = b"a", b"\xff"
_MASK = bytes(_LETTER[0] if code in _TEXT else 0 if code == 0 else _OTHER[0] for code in range(256))
READABLE = 12
"""So much text in a row stands in random bytes once in 140,000 places."""
_ROW = _LETTER * READABLE
_ENDS = _MASK.replace(b"\0", _OTHER)
_WIDE = (b"a\0" * 8, b"a\0\0\0" * 8)
"""Eight characters of UTF-16 or UTF-32, in either order."""
_MAGIC = (b"\x1f\x8b\x08", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ", b"NTLMSSP\x00")
"""What says that binary data is compressed or an archive."""
_SHORT_MAGIC = (b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
_NEAR = 64
"""Bytes from the start within which two bytes count as a mark: further on they stand in any noise."""


def is_text(data: bytes) -> bool:
    """Whether it is printable ASCII and white space throughout."""
    return not data.translate(None, _TEXT)


def readable_at(data: bytes) -> int:
    """Where the first `READABLE` characters of text in a row begin; -1: nowhere."""
    return data.translate(_ENDS).find(_ROW)


def magic_at(data: bytes) -> int:
    """Where compressed data or an archive seems to begin; -1: nowhere."""
    places = [data.find(magic) for magic in _MAGIC]
    places += [data.find(magic, 0, _NEAR) for magic in _SHORT_MAGIC]
    return min((at for at in places if at >= 0), default=-1)


def shows_at(data: bytes) -> Iterator[int]:
    """Places at which text or something compressed shows, in any order: of a longer text, one in `READABLE` bytes."""
    mask = data.translate(_ENDS)
    at = mask.find(_ROW)
    while at >= 0:
        yield at
        at = mask.find(_ROW, at + READABLE)
    for magic in (*_MAGIC, *_SHORT_MAGIC):
        at = data.find(magic)
        while at >= 0:
            yield at
            at = data.find(magic, at + 1)


def readable_parts(data: bytes) -> Iterator[tuple[int, int]]:
    """Where text of `READABLE` characters in a row or more begins and ends."""
    mask = data.translate(_ENDS)
    start = mask.find(_ROW)
    while start >= 0:
        end = mask.find(_OTHER, start)
        if end < 0:
            end = len(data)
        yield start, end
        start = mask.find(_ROW, end)


def readable(data: bytes) -> bytes:
    """Those parts, a line each."""
    return b"\n".join(data[start:end] for start, end in readable_parts(data))


def is_wide(data: bytes) -> bool:
    """Whether text in characters of two or four bytes stands somewhere in it."""
    mask = data.translate(_MASK)
    return any(some in mask for some in _WIDE)


def worth(data: bytes) -> bool:
    """Whether what was unpacked with an error may still be something."""
    return readable_at(data) >= 0
