"""Which byte strings stand in a text, and where: of those that do not, one byte is mostly missing."""

from __future__ import annotations

import numpy as np

from canaries.scan.bit_sets import Bits, Numbers, before, numbers, where

_SAMPLE = 1 << 12
_LARGE = 1 << 14
"""Bytes from which on it is faster to look for each byte by itself, and once."""
_TWO, _FEW = 2, 1000
"""Bytes of a string after which places, if they are not more than so many, are looked at one by one."""


def line_ends(content: bytes, start: int, end: int) -> int:
    """How many lines of ``content`` end from ``start`` to ``end``."""
    codes = np.frombuffer(content, np.uint8)
    return sum(
        int(np.count_nonzero(codes[at : min(at + _LARGE, end)] == 0x0A)) for at in range(start, end, _LARGE)
    )


class Presence:
    """What stands in one text."""

    __slots__ = ("_bits", "_content", "_counts", "_known", "_sample")

    def __init__(self, content: bytes) -> None:
        self._content, self._sample = content, content[:_SAMPLE]
        self._known = dict.fromkeys(self._sample, True)  # nearly all that occurs does so at the beginning
        self._counts: dict[int, int] = {}
        self._bits: dict[int, Bits] = {}

    def holds(self, text: bytes) -> bool:
        """``text in content``."""
        if not all(map(self._occurs, text)):
            return False
        if len(text) < _TWO or len(self._content) < _LARGE:
            return text in self._content
        return len(self.places(text)) > 0

    def places(self, text: bytes) -> Numbers:
        """Where ``text``, of a byte or more, begins; in order."""
        none = np.empty(0, np.int64)
        if not all(map(self._occurs, text)):
            return none
        rarest, *others = sorted(range(len(text)), key=lambda at: self._often(text[at]))
        found = self._moved(text, rarest)
        for number, at in enumerate(others, _TWO):
            found = found & self._moved(text, at)
            if not found.any():
                return none
            if number == _TWO < len(text) and np.count_nonzero(found) < _FEW:
                places = numbers(found)
                return np.array(
                    [one for one in places.tolist() if self._content.startswith(text, one)], np.int64
                )
        return numbers(found)

    def of(self, code: int) -> Bits:
        """Where a byte stands."""
        if (found := self._bits.get(code)) is None:
            found = self._bits[code] = where(self._content, lambda codes: codes == code)
        return found

    def _often(self, code: int) -> int:
        if (count := self._counts.get(code)) is None:
            count = self._counts[code] = self._sample.count(code)
        return count

    def _occurs(self, code: int) -> bool:
        if (known := self._known.get(code)) is None:
            known = self._known[code] = code in self._content
        return known

    def _moved(self, text: bytes, at: int) -> Bits:
        bits = self.of(text[at])
        return before(bits, at) if at else bits
