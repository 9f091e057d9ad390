"""Ids for records that are put between others: those of a column in which every record has a number of its own."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable
from typing import Any

_DRAWS = 64
"""Numbers drawn before the gap is looked through."""
_LOOKED = 4096


class FreeNumbers:
    """Numbers of a column in which every record has another: those between that nobody has, then those behind."""

    def __init__(self, numbers: Iterable[Any], chance: random.Random) -> None:
        """In the order of the records; what is no number counts as none."""
        self._all = [number if isinstance(number, int) else None for number in numbers]
        known = [number for number in self._all if number is not None]
        self.ordered = known == sorted(known) and len(known) == len(self._all)
        self._taken, self._chance, self._top = set(known), chance, max(known)
        self._low = min(known)
        gaps = itertools.pairwise(known) if self.ordered else ()
        self._gaps = [number for number, (low, high) in enumerate(gaps, 1) if high - low > 1]

    def place(self) -> int:
        """Before which record a number is free; behind the last one where there is no gap left."""
        while self._gaps:
            at = self._chance.randrange(len(self._gaps))
            if self._in_gap(self._gaps[at]) is not None:
                return self._gaps[at]
            self._gaps[at] = self._gaps[-1]
            self._gaps.pop()
        return len(self._all)

    def take(self, place: int) -> int:
        """A number for a record at ``place``, which is nobody else's from now on."""
        found = self._in_gap(place) if self.ordered and place < len(self._all) else None
        if not self.ordered and len(self._taken) < (self._top - self._low) / 2:
            found = next(
                (
                    number
                    for _ in range(_DRAWS)
                    if (number := self._chance.randint(self._low, self._top)) not in self._taken
                ),
                None,
            )
        number = self._top + 1 if found is None else found
        self._top = max(self._top, number)
        self._taken.add(number)
        return number

    def part(self, place: int, number: int) -> float:
        """How far ``number`` is from the neighbour before ``place`` to the one behind it, 0 to 1."""
        low = self._all[place - 1] if place else number - 1
        high = self._all[place] if place < len(self._all) else self._top + 1
        low = number - 1 if low is None else low
        high = number + 1 if high is None else high
        return min(1.0, max(0.0, (number - low) / max(1, high - low)))

    def _in_gap(self, place: int) -> int | None:
        low, high = self._all[place - 1] if place else None, self._all[place]
        if low is None or high is None:
            return None
        if high - low > _DRAWS:
            for _ in range(_DRAWS):
                if (number := self._chance.randint(low + 1, high - 1)) not in self._taken:
                    return number
        free = [number for number in range(low + 1, min(high, low + _LOOKED)) if number not in self._taken]
        return self._chance.choice(free) if free else None
