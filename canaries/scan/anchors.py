"""Finding a million strings at once: where one of them may stand, at 150 MB a second and more.

Of every string eight bytes are chosen, its *anchor*. A dump is read as overlapping eight-byte numbers; each is
multiplied by an odd constant (Knuth, TAOCP 6.4), and the product's upper half looked up in a table of bits that is
small enough for the processor's cache. What it lets through is looked up in a larger one, then in the sorted anchors,
and what is left is for the caller to compare. Nothing has to stand
on its own: strings that are glued together, as in the pages of a database, are found like any others.

Upper and lower case are the same here, and a few punctuation marks with them.
"""

from __future__ import annotations

import sys
from collections.abc import Set

import numpy as np
import numpy.typing as npt

WINDOW = 8
"""Bytes of an anchor."""

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_CASE = 0x20
_LOWEST = 0 if sys.byteorder == "little" else 7
"""Which byte of a number has its lowest bits."""
_BLOCK = 32768
"""Numbers worked on at a time: they stay in the processor's cache."""
_SMALLEST, _NEAR, _LARGEST = 20, 24, 28
"""Bits of an index into a table of bits: the first has at most 2 MB, which a processor has near, the second 32 MB."""
_SPARE = 32
"""Bits of a table for each anchor: of other numbers one in so many gets through."""

Hashes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]


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


class _BitTable:
    """Which numbers may be anchors, by their upper bits; a bit for each."""

    def __init__(self, anchors: Hashes, bits: int) -> None:
        self.bits = bits
        marks = np.zeros(1 << bits, np.bool_)
        marks[anchors >> np.uint32(32 - bits)] = True
        self._marks = marks if bits <= _SMALLEST else None
        self._bytes = np.packbits(marks, bitorder="little")

    def known(self, hashes: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
        """Which of some hashes are marked."""
        keys = hashes >> np.uint32(32 - self.bits)
        held = self._bytes.take((keys >> np.uint32(3)).astype(np.int64))
        return (held >> (keys & np.uint32(7)).astype(np.uint8) & 1).view(np.bool_)

    def look(
        self, products: npt.NDArray[np.uint64], keys: npt.NDArray[np.uint64], known: npt.NDArray[np.uint8]
    ) -> Places:
        """At which places of ``products`` stands one whose upper half is marked; the others are room to work in."""
        if self._marks is not None:  # a byte for each is faster, as long as it is near
            np.right_shift(products, np.uint64(64 - self.bits), out=keys)
            self._marks.take(keys.view(np.int64), mode="wrap", out=known.view(np.bool_))
            return np.flatnonzero(known.view(np.bool_))
        np.right_shift(products, np.uint64(64 - self.bits + 3), out=keys)
        self._bytes.take(keys.view(np.int64), mode="wrap", out=known)
        np.right_shift(products, np.uint64(64 - self.bits), out=keys)
        bit = keys.view(np.uint8)[_LOWEST :: keys.itemsize]
        np.right_shift(known, np.bitwise_and(bit, 7), out=known)
        np.bitwise_and(known, 1, out=known)
        return np.flatnonzero(known.view(np.bool_))


class AnchorTable:
    """Looks for anchors in bytes."""

    def __init__(self, anchors: Hashes) -> None:
        """``anchors`` are sorted."""
        self._anchors = anchors
        bits = max(_SMALLEST, (len(anchors) * _SPARE).bit_length())
        self._near = _BitTable(anchors, min(bits, _NEAR))
        self._far = _BitTable(anchors, min(bits + 1, _LARGEST)) if bits > _NEAR else None
        self._products = np.empty(_BLOCK, np.uint64)
        self._keys = np.empty(_BLOCK, np.uint64)
        self._known = np.empty(_BLOCK, np.uint8)

    def places(self, content: bytes) -> list[tuple[int, int, int]]:
        """(place, first, behind): at ``place`` begins the anchor that stands at these indices. In order of place."""
        folded = np.bitwise_or(np.frombuffer(content, np.uint8), np.uint8(_CASE)).tobytes()
        found: list[tuple[Places, npt.NDArray[np.uint64]]] = []
        for lane in range(min(WINDOW, len(folded) - WINDOW + 1)):
            numbers = np.frombuffer(folded, "<u8", (len(folded) - lane) // WINDOW, lane)
            for start in range(0, len(numbers), _BLOCK):
                here, products = self._near_ones(numbers[start : start + _BLOCK])
                if len(here):
                    found.append(((here + start) * WINDOW + lane, products))
        if not found:
            return []
        places, products = (np.concatenate(part) for part in zip(*found, strict=True))
        hashes = (products >> np.uint64(32)).astype(np.uint32)
        if self._far is not None:
            known = self._far.known(hashes)
            places, hashes = places[known], hashes[known]
        order = hashes.argsort()  # neighbours are then looked up one after the other
        places, hashes = places[order], hashes[order]
        first = np.searchsorted(self._anchors, hashes)
        (kept,) = np.nonzero(self._anchors.take(first, mode="clip") == hashes)
        behind = np.searchsorted(self._anchors, hashes[kept], "right")
        rows = np.stack((places[kept], first[kept], behind), axis=1)
        ordered: list[list[int]] = rows[rows[:, 0].argsort()].tolist()
        return [(place, low, high) for place, low, high in ordered]

    def _near_ones(self, numbers: npt.NDArray[np.uint64]) -> tuple[Places, npt.NDArray[np.uint64]]:
        """Where in ``numbers`` one stands that may be an anchor, and its product."""
        size = len(numbers)
        products = self._products[:size]
        np.multiply(numbers, _FACTOR, out=products)
        here = self._near.look(products, self._keys[:size], self._known[:size])
        return here, products.take(here)
