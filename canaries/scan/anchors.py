"""Finding a million strings at once: where one of them may stand, at 150 MB a second and more.

Of every string eight bytes are chosen, its *anchor*. A dump is read as overlapping eight-byte numbers; each is
multiplied by an odd constant (Knuth, TAOCP 6.4), and the product's upper half looked up in a table of bits that is
small enough for the processor's cache. What it lets through is looked up in a larger one, at two places (Bloom, 1970),
then in the sorted anchors, and what is left is for the caller to compare. Nothing has to stand on its own: strings that
are glued together, as in the pages of a database, are found like any others.

Upper and lower case are the same here, and a few punctuation marks with them.
"""

from __future__ import annotations

import sys
from collections.abc import Set
from functools import cache

import numpy as np
import numpy.typing as npt

WINDOW = 8
"""Bytes of an anchor."""

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_AGAIN = np.uint32(0x85EBCA6B)
"""Makes of a number another one, for the second place in the larger table."""
_CASE = 0x20
_SORTS = bytes(
    0x30 if 0x30 <= code <= 0x39 else 0x61 if code >= 0x80 or chr(code).isalpha() else 0x20
    for code in range(256)
)
"""A letter, a digit or neither."""
_LETTERS, _DIGIT = (3.5, 2.5, 2.0, 1.0, 0.5, 0.5, 0.5, 0.5), 3.3
"""Bits, by their place in what is seen of a word."""
_MIDDLE = 4 if sys.byteorder == "little" else 3
"""Which byte of a product has the lowest bits of its upper half."""
_BLOCK = 32768
"""Numbers worked on at a time: they stay in the processor's cache."""
_SMALLEST, _NEAR, _LARGEST = 20, 24, 28
"""Bits of an index into a table of bits: the first has at most 2 MB, which a processor has near, the second 32 MB."""
_SPARE = 32
"""Bits of a table for each anchor: of other numbers one in so many gets through."""

Hashes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
Products = npt.NDArray[np.uint64]


def anchor(window: bytes) -> int:
    """The number of eight bytes, from 0 to 2**32 - 1."""
    folded = int.from_bytes(bytes(code | _CASE for code in window), "little")
    return (folded * int(_FACTOR) & 0xFFFF_FFFF_FFFF_FFFF) >> 32


def windows(text: bytes) -> list[bytes]:
    """All that may be the anchor of ``text``, case folded."""
    folded = bytes(code | _CASE for code in text)
    return [folded[start : start + WINDOW] for start in range(len(folded) - WINDOW + 1)]


def choose(text: bytes, common: Set[bytes] = frozenset()) -> int:
    """Where the anchor of ``text`` begins: its most varied eight bytes that are not among the ``common`` ones."""
    options = windows(text)
    step = max(1, len(options) // 12)
    return max(
        range(0, len(options), step),
        key=lambda start: (options[start] not in common, len(set(options[start])), -start),
    )


def choose_telling(text: bytes, common: Set[bytes] = frozenset()) -> int:
    """The same for what is put together of words and numbers that others have too: parts of two words, or a word and
    a number, say more than one word."""
    options, sorts = windows(text), text.translate(_SORTS)
    return max(
        range(len(options)),
        key=lambda start: (options[start] not in common, _telling(sorts[start : start + WINDOW]), start),
    )


@cache
def _telling(sorts: bytes) -> float:
    """What a window of such characters says, in bits, roughly: of a word its first letters most."""
    letters = sum(sum(_LETTERS[: len(run)]) for run in sorts.replace(b"0", b" ").split())
    return letters + _DIGIT * sorts.count(b"0")


class _BitTable:
    """Which numbers may be anchors: their upper bits say which byte of the table, their lowest three which bit."""

    def __init__(self, bits: int, *numbers: Hashes) -> None:
        self._shift = 32 - bits + 3
        self._bytes = np.zeros(1 << bits - 3, np.uint8)
        for some in numbers:
            self._mark(np.sort(some))

    def _mark(self, ordered: Hashes) -> None:
        keys = ordered >> np.uint32(self._shift)
        starts = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
        if len(starts):
            bits = np.uint8(1) << (ordered & np.uint32(7)).astype(np.uint8)
            self._bytes[keys[starts]] |= np.bitwise_or.reduceat(bits, starts)

    def known(self, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """Which of some numbers may have been put in."""
        held = self._bytes.take((hashes >> np.uint32(self._shift)).astype(np.int64))
        return (held >> (hashes & np.uint32(7)).astype(np.uint8) & 1).view(np.bool_)

    def look(self, products: Products, keys: Products, known: npt.NDArray[np.uint8]) -> Places:
        """At which places of ``products`` stands one whose upper half may have been put in; the others, as long, are
        room to work in."""
        np.right_shift(products, np.uint64(32 + self._shift), out=keys)
        self._bytes.take(keys.view(np.int64), mode="wrap", out=known)
        bits = keys.view(np.uint8)[: len(known)]  # the keys are not needed any more
        np.bitwise_and(products.view(np.uint8)[_MIDDLE :: products.itemsize], 7, out=bits)
        np.right_shift(known, bits, out=known)
        np.bitwise_and(known, 1, out=known)
        return known.view(np.bool_).nonzero()[0]


class _ByteTable:
    """The same with a byte for each, by the upper bits alone: faster, as long as it is near."""

    def __init__(self, bits: int, numbers: Hashes) -> None:
        self._shift = 32 - bits
        self._marks = np.zeros(1 << bits, np.bool_)
        self._marks[numbers >> np.uint32(self._shift)] = True

    def look(self, products: Products, keys: Products, known: npt.NDArray[np.uint8]) -> Places:
        """As that of a `_BitTable`."""
        np.right_shift(products, np.uint64(32 + self._shift), out=keys)
        self._marks.take(keys.view(np.int64), mode="wrap", out=known.view(np.bool_))
        return known.view(np.bool_).nonzero()[0]


class AnchorTable:
    """Looks for anchors in bytes. Not thread safe."""

    def __init__(self, anchors: Hashes) -> None:
        """``anchors`` are sorted."""
        self._anchors = anchors
        bits = max(_SMALLEST, (len(anchors) * _SPARE).bit_length())
        small = bits == _SMALLEST
        self._near = _ByteTable(bits, anchors) if small else _BitTable(min(bits, _NEAR), anchors)
        self._far = _BitTable(min(bits + 1, _LARGEST), anchors, anchors * _AGAIN)
        self._products = np.empty(_BLOCK, np.uint64)
        self._keys = np.empty(2 * _BLOCK, np.uint64)
        self._known = np.empty(2 * _BLOCK, np.uint8)
        self._places, self._waiting = np.empty(2 * _BLOCK, np.int64), np.empty(2 * _BLOCK, np.uint64)

    def places(self, content: bytes) -> npt.NDArray[np.int64]:
        """Rows of (place, first, behind): at ``place`` begins the anchor that stands at these indices. In order of
        place."""
        places, hashes = self._likely(content)
        first = np.searchsorted(self._anchors, hashes)
        (kept,) = np.nonzero(self._anchors.take(first, mode="clip") == hashes) if len(hashes) else (first,)
        behind = np.searchsorted(self._anchors, hashes[kept], "right")
        rows = np.stack((places[kept], first[kept], behind), axis=1)
        return rows[rows[:, 0].argsort()]

    def _likely(self, content: bytes) -> tuple[Places, Hashes]:
        """(places, numbers there) of what both tables let through."""
        folded = np.bitwise_or(np.frombuffer(content, np.uint8), np.uint8(_CASE))
        found, waiting = [self._far_ones(0)], 0
        for lane in range(min(WINDOW, len(folded) - WINDOW + 1)):
            numbers = np.frombuffer(folded, "<u8", (len(folded) - lane) // WINDOW, lane)
            for start in range(0, len(numbers), _BLOCK):
                here = self._near_ones(numbers[start : start + _BLOCK])
                behind = waiting + len(here)
                self._products.take(here, mode="wrap", out=self._waiting[waiting:behind])
                np.add(here, lane * len(folded) + start, out=self._places[waiting:behind])
                waiting = behind
                if waiting >= _BLOCK:
                    found.append(self._far_ones(waiting))
                    waiting = 0
        found.append(self._far_ones(waiting))
        coded, hashes = (np.concatenate(part) for part in zip(*found, strict=True))
        lanes, starts = np.divmod(coded, max(1, len(folded)))
        return starts * WINDOW + lanes, hashes

    def _near_ones(self, numbers: Products) -> Places:
        """Where in ``numbers`` one stands that may be an anchor; their products are left behind."""
        size = len(numbers)
        products = self._products[:size]
        np.multiply(numbers, _FACTOR, out=products)
        return self._near.look(products, self._keys[:size], self._known[:size])

    def _far_ones(self, waiting: int) -> tuple[Places, Hashes]:
        """Those of the waiting ones that the larger table has at both places."""
        products = self._waiting[:waiting]
        here = self._far.look(products, self._keys[:waiting], self._known[:waiting])
        hashes = (products[here] >> np.uint64(32)).astype(np.uint32)
        kept = self._far.known(hashes * _AGAIN)
        return self._places[here[kept]], hashes[kept]
