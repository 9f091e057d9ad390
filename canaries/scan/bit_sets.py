"""Sets of places in a text, a bit for each byte: what is asked about every byte of a dump is answered for 64 at once.

Bit ``place % 64`` of word ``place // 64`` says whether a place belongs to the set. Moved sets may have some that are
behind the text.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]

_WORD = 64
_BLOCK = 1 << 18
"""Bytes looked at at a time: memory that is larger comes anew from the system, which takes longer than the looking."""


def where(content: bytes, flags: Callable[[Codes], npt.NDArray[np.bool_]]) -> Bits:
    """The places of the bytes for which ``flags``, given some of them, is true."""
    words = np.zeros(-(-len(content) // _WORD), "<u8")
    octets, codes = words.view(np.uint8), np.frombuffer(content, np.uint8)
    for start in range(0, len(content), _BLOCK):
        some = np.packbits(flags(codes[start : start + _BLOCK]), bitorder="little")
        octets[start >> 3 : (start >> 3) + len(some)] = some
    return words


def numbers(bits: Bits) -> Numbers:
    """The places of the set, in order."""
    words = np.flatnonzero(bits)
    within = np.flatnonzero(np.unpackbits(bits[words].view(np.uint8), bitorder="little").view(np.bool_))
    places: Numbers = words[within >> 6] * _WORD + (within & _WORD - 1)
    return places


def before(bits: Bits, count: int) -> Bits:
    """The places that are ``count`` bytes before one of the set; from 1 to 63."""
    moved = bits >> np.uint64(count)
    moved[:-1] |= bits[1:] << np.uint64(_WORD - count)
    return moved


def behind(bits: Bits, count: int) -> Bits:
    """The places that are ``count`` bytes behind one of the set; from 1 to 63."""
    moved = bits << np.uint64(count)
    moved[1:] |= bits[:-1] >> np.uint64(_WORD - count)
    return moved


def all_but(bits: Bits, size: int) -> Bits:
    """The places of a text of ``size`` bytes that are not in the set."""
    others = ~bits
    if size % _WORD:
        others[-1] &= np.uint64((1 << size % _WORD) - 1)
    return others


def runs(bits: Bits, shortest: int) -> tuple[Numbers, Numbers]:
    """Where ``shortest`` places and more of the set follow each other: the first of each, and the one behind the last.
    A power of two, up to 64."""
    begin, length = bits, 1
    while length < shortest:
        begin = begin & before(begin, length)
        length *= 2
    return numbers(begin & ~behind(begin, 1)), numbers(begin & ~before(begin, 1)) + shortest
