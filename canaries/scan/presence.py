"""Which byte strings may stand in a text: most that do not are known not to by one of their bytes."""

from __future__ import annotations

import numpy as np

_SAMPLE = 1 << 16
_WORDS = {4: np.uint32, 2: np.uint16}
_LARGE = 1 << 14
"""Bytes from which on words are compared with all of them at once: three times as fast as looking for a string."""


class Presence:
    """What stands in one text."""

    __slots__ = ("_codes", "_content")

    def __init__(self, content: bytes) -> None:
        self._content = content
        codes, rest = set[int](), content
        while rest:  # nearly all that occurs does so at the beginning
            fresh = set(rest[:_SAMPLE])
            codes |= fresh
            rest = rest[_SAMPLE:].translate(None, bytes(fresh))
        self._codes = frozenset(codes)

    def holds(self, text: bytes) -> bool:
        """``text in content``."""
        if not self._codes.issuperset(text):
            return False
        if len(text) < 2 or len(self._content) < _LARGE:
            return text in self._content
        return self._has_word(text[-4 if len(text) >= 4 else -2 :]) and text in self._content

    def _has_word(self, word: bytes) -> bool:
        """``word in content``, of two or four bytes."""
        size, number = len(word), np.frombuffer(word, _WORDS[len(word)])[0]
        lanes = (
            np.frombuffer(self._content, number.dtype, (len(self._content) - at) // size, at)
            for at in range(size)
        )
        return any((lane == number).any() for lane in lanes)
