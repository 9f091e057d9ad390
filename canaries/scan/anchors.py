"""Finding a million strings at once: where one of them may stand, at 150 MB a second and more.

Of every string eight bytes are chosen, its *anchor*. A dump is read as overlapping eight-byte numbers; each is
multiplied by an odd constant (Knuth, TAOCP 6.4), and the product's upper half looked up in a table. What the table
lets through is looked up in the sorted anchors, and what is left is for the caller to compare. Nothing has to stand
on its own: strings that are glued together, as in the pages of a database, are found like any others.

Upper and lower case are the same here, and a few punctuation marks with them.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Any

import numpy as np
import numpy.typing as npt

WINDOW = 8
"""Bytes of an anchor."""

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_CASE = 0x20
_BLOCK = 32768
"""Numbers worked on at a time: they stay in the processor's cache."""
_SMALLEST, _LARGEST = 20, 25
"""Bits of an index into the table: 1 to 32 MB."""

Hashes = npt.NDArray[np.uint32]


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


class AnchorTable:
    """Looks for anchors in bytes."""

    def __init__(self, anchors: Hashes) -> None:
        """``anchors`` are sorted."""
        self._anchors = anchors
        bits = min(_LARGEST, max(_SMALLEST, int(len(anchors) * 32).bit_length()))
        self._shift = np.uint64(64 - bits)
        self._table = np.zeros(1 << bits, np.bool_)
        self._table[anchors >> np.uint32(32 - bits)] = True
        self._products = np.empty(_BLOCK, np.uint64)
        self._keys = np.empty(_BLOCK, np.uint64)
        self._known = np.empty(_BLOCK, np.bool_)

    def places(self, content: bytes) -> list[tuple[int, int, int]]:
        """(place, first, behind): at ``place`` begins the anchor that stands at these indices. In order of place."""
        folded = np.bitwise_or(np.frombuffer(content, np.uint8), np.uint8(_CASE)).tobytes()
        found: list[tuple[npt.NDArray[np.int64], Hashes]] = []
        for lane in range(min(WINDOW, len(folded) - WINDOW + 1)):
            numbers = np.frombuffer(folded, "<u8", (len(folded) - lane) // WINDOW, lane)
            for start in range(0, len(numbers), _BLOCK):
                here, hashes = self._known_among(numbers[start : start + _BLOCK])
                if len(here):
                    found.append(((here + start) * WINDOW + lane, hashes))
        if not found:
            return []
        places, hashes = (np.concatenate(part) for part in zip(*found, strict=True))
        first = np.searchsorted(self._anchors, hashes)
        (kept,) = np.nonzero(self._anchors.take(first, mode="clip") == hashes)
        behind = np.searchsorted(self._anchors, hashes[kept], "right")
        rows = np.stack((places[kept], first[kept], behind), axis=1)
        ordered: list[list[int]] = rows[rows[:, 0].argsort()].tolist()
        return [(place, low, high) for place, low, high in ordered]

    def _known_among(self, numbers: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.int64], Any]:
        size = len(numbers)
        products, keys, known = self._products[:size], self._keys[:size], self._known[:size]
        np.multiply(numbers, _FACTOR, out=products)
        np.right_shift(products, self._shift, out=keys)
        self._table.take(keys.view(np.int64), mode="wrap", out=known)
        here = np.flatnonzero(known)
        return here, (products[here] >> np.uint64(32)).astype(np.uint32)
