"""Values that PostgreSQL packed: pglz, as ``src/common/pg_lzcompress.c`` describes it, and blocks of LZ4.

Both are copies of what came before, and bytes that stand for themselves. A value says how long it is when unpacked;
what does not give exactly that is none.
"""

from __future__ import annotations

PGLZ, LZ4 = 0, 1
_MOST_EACH = {PGLZ: 100, LZ4: 256}
"""Bytes that one packed byte can give: 3 give 273, and one of nine in LZ4 gives 255."""
_RUN = 15
"""A length of LZ4 that goes on in the next byte."""


def unpack_value(packed: bytes, size: int, method: int) -> tuple[bytes, int]:
    """The ``size`` bytes that ``packed`` gives; empty where it does not give exactly as many. Never raises.

    The second is how many bytes it gave until that was known, what the work is bounded by.
    """
    if not 0 < size <= len(packed) * _MOST_EACH.get(method, 0):
        return b"", 0
    out = bytearray()
    whole = (_pglz if method == PGLZ else _lz4)(packed, size, out)
    return (bytes(out) if whole and len(out) == size else b""), len(out)


def _pglz(packed: bytes, size: int, out: bytearray) -> bool:
    """Whether all of ``packed`` was needed for what is put into ``out``."""
    at, end = 0, len(packed)
    while at < end and len(out) < size:
        control = packed[at]
        at += 1
        if not control and at + 8 < end and len(out) + 8 < size:
            out += packed[at : at + 8]
            at += 8
            continue
        for _ in range(8):
            if at >= end or len(out) >= size:
                break
            if not control & 1:
                out.append(packed[at])
                at += 1
            else:
                if at + 2 > end:
                    return False
                length, back = (packed[at] & 0x0F) + 3, (packed[at] & 0xF0) << 4 | packed[at + 1]
                at += 2
                if length == 18:
                    if at >= end:
                        return False
                    length += packed[at]
                    at += 1
                if not _copy(out, back, min(length, size - len(out))):
                    return False
            control >>= 1
    return at == end


def _lz4(packed: bytes, size: int, out: bytearray) -> bool:
    """The same."""
    return _lz4_block(packed, 0, size, out) == len(packed)


def lz4_prefix(packed: bytes, start: int, size: int) -> tuple[bytes, int]:
    """What the block of LZ4 at ``start`` gives until that is ``size`` bytes, and where it ends.

    The end is -1 where ``packed`` ends within the block; (b"", 0) where none begins there.
    """
    out = bytearray()
    end = _lz4_block(packed, start, size, out)
    return (bytes(out), end) if end else (b"", 0)


def _lz4_block(packed: bytes, at: int, size: int, out: bytearray) -> int:
    """Where the block at ``at`` ends that gives ``size`` bytes, put into ``out``; -1 and 0 as `lz4_prefix` says."""
    end = len(packed)
    while at < end:
        token = packed[at]
        at, literal = _length(packed, at + 1, token >> 4)
        if at < 0:
            return -1
        if len(out) + literal > size:
            return 0
        out += packed[at : at + literal]
        at += literal
        if at > end:
            return -1
        if len(out) == size:
            return at
        if at + 2 > end:
            return -1
        back = packed[at] | packed[at + 1] << 8
        at, length = _length(packed, at + 2, token & 0x0F)
        if at < 0:
            return -1
        if len(out) + length + 4 > size or not _copy(out, back, length + 4):
            return 0
    return -1


def _length(packed: bytes, at: int, length: int) -> tuple[int, int]:
    """Where what follows a length begins, and the length; -1 where the bytes end."""
    if length < _RUN:
        return at, length
    while at < len(packed):
        length += packed[at]
        at += 1
        if packed[at - 1] != 0xFF:
            return at, length
    return -1, 0


def _copy(out: bytearray, back: int, length: int) -> bool:
    """Put ``length`` bytes from ``back`` before the end behind it, itself included; whether that begins in it."""
    start = len(out) - back
    if back <= 0 or start < 0:
        return False
    if length <= back:
        out += out[start : start + length]
    else:
        out += (bytes(out[start:]) * (length // back + 1))[:length]
    return True
