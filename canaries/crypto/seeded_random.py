"""Deterministic randomness: the same seed gives the same bait again.

A `SeededRandom` is a keyed pseudo-random function over a label (SHAKE-256 of the canary's 32-byte seed and the label);
nothing about one token follows from another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
HEX = "0123456789abcdef"
URLSAFE = BASE62 + "-_"


class SeededRandom:
    """Deterministic randomness for one canary: every label is an independent stream."""

    __slots__ = ("_seed",)

    def __init__(self, seed: bytes) -> None:
        if len(seed) != 32:
            raise ValueError("a seed is 32 bytes")
        self._seed = seed

    def child(self, label: str) -> SeededRandom:
        """An independent stream, for a part of the bait."""
        return SeededRandom(self.draw_bytes(f"child:{label}", 32))

    def draw_bytes(self, label: str, count: int) -> bytes:
        """``count`` bytes."""
        return hashlib.shake_256(self._seed + label.encode()).digest(count)

    def below(self, label: str, bound: int) -> int:
        """An integer in [0, bound); the bias is below 2^-64."""
        return int.from_bytes(self.draw_bytes(label, bound.bit_length() // 8 + 9), "big") % bound

    def between(self, label: str, low: int, high: int) -> int:
        """An integer in [low, high]."""
        return low + self.below(label, high - low + 1)

    def pick(self, label: str, choices: Sequence[T]) -> T:
        """One of ``choices``."""
        return choices[self.below(label, len(choices))]

    def uuid(self, label: str) -> str:
        """A random UUID (RFC 9562, version 4), in lower case."""
        return str(UUID(bytes=self.draw_bytes(label, 16), version=4))

    def text(self, label: str, alphabet: str, length: int) -> str:
        """``length`` characters of ``alphabet`` (ASCII, at most 256 different ones), exactly uniform.

        Bytes that would favour the first characters are thrown away rather than folded (rejection sampling). A longer
        SHAKE-256 output begins with the shorter one, so how much is drawn never changes what comes out.
        """
        table, rejected = _alphabet(alphabet)
        draw = length + 16 + length * len(rejected) // 64 if rejected else length
        while True:
            found = self.draw_bytes(label, draw).translate(table, rejected)
            if len(found) >= length:
                return found[:length].decode("ascii")
            draw *= 2


@lru_cache(maxsize=256)
def _alphabet(alphabet: str) -> tuple[bytes, bytes]:
    """For `bytes.translate`: which character a byte stands for, and which bytes stand for none."""
    base = len(alphabet)
    if not 2 <= base <= 256:
        raise ValueError("an alphabet has 2 to 256 characters")
    fair = 256 - 256 % base
    letters = alphabet.encode("ascii")
    return (letters * (256 // base)).ljust(256, b"\0"), bytes(range(fair, 256))
