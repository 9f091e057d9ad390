"""In which order what decoders give is looked at: it matters where the work does not reach for all of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Container
from heapq import heappop, heappush
from itertools import count

from canaries.decoders._layer import Layer


class LayerQueue:
    """What takes fewest guesses first, then the nearest; what is doubtful last."""

    def __init__(self, first: Layer, guessing: Container[str]) -> None:
        """``guessing``: names of the decoders that find something in ordinary text."""
        self._guessing, self._order = guessing, count()
        self._waiting, self._doubtful = [(0, next(self._order), first)], deque[Layer]()

    def __bool__(self) -> bool:
        return bool(self._waiting or self._doubtful)

    def add(self, layer: Layer) -> None:
        """Have ``layer`` wait."""
        if layer.doubtful:
            self._doubtful.append(layer)
        else:
            guesses = sum(name in self._guessing for name in layer.way)
            heappush(self._waiting, (guesses, next(self._order), layer))

    def take(self) -> Layer:
        """The next one. Raises IndexError where none waits."""
        return heappop(self._waiting)[2] if self._waiting else self._doubtful.popleft()
