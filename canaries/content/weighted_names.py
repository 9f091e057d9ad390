"""Lists of names, each drawn as often as its weight says."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Self

from canaries.crypto.seeded_random import SeededRandom


@dataclass(frozen=True, slots=True)
class WeightedNames:
    """Names to draw from."""

    names: tuple[str, ...]
    sums: tuple[int, ...]
    """For each name the sum of the weights up to it and with it."""

    @classmethod
    def of(cls, text: str) -> Self:
        """Names between commas, each with its weight behind it, or with none for 1: ``Smith 70, De Groot 2, Amis``."""
        names, weights = [], []
        for entry in text.split(","):
            name, _, weight = entry.strip().rpartition(" ")
            if not weight.isdecimal():
                name, weight = entry.strip(), "1"
            names.append(name)
            weights.append(int(weight))
        return cls(tuple(names), tuple(accumulate(weights)))

    def draw(self, stream: SeededRandom, label: str) -> str:
        """One of the names, the same for the same stream and label."""
        return self.names[bisect_right(self.sums, stream.below(label, self.sums[-1]))]
