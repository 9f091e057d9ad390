"""Budgets by network: so much a second, so much at once, in bounded memory (a token bucket, RFC 2697)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

_MOST = 10_000


class Shares:
    """Asked for each thing that costs; not thread safe."""

    def __init__(self, a_second: float, at_once: float, *, networks: int = _MOST) -> None:
        self._a_second, self._at_once, self._most = a_second, at_once, networks
        self._left: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def take(self, networks: Sequence[bytes], now: float, amount: float = 1.0) -> bool:
        """Whether each of ``networks`` has ``amount`` left at ``now`` (any monotonic seconds); it is then taken.

        The first is charged in full; the larger ones around it have four times as much, for their many customers.
        """
        first, *around = networks
        left = self._left_at(first, 1, now)
        enough = left >= amount
        for network in around[:1]:
            wider = self._left_at(network, 4, now)
            enough = enough and wider >= amount
            self._left[network] = (wider - amount if enough else wider), now
        self._left[first] = (left - amount if enough else left), now
        while len(self._left) > self._most:
            self._left.popitem(last=False)
        return enough

    def _left_at(self, network: bytes, times: int, now: float) -> float:
        """What a network has left, as many ``times`` as much as the smallest; it is taken out."""
        most = self._at_once * times
        left, at = self._left.pop(network, (most, now))
        return min(most, left + self._a_second * times * (now - at)) if now > at else min(most, left)
