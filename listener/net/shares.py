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
        if len(networks) == 1:  # IPv4, which most are
            return self._take_one(networks[0], now, amount)
        levels = []
        for times, network in zip((1, 4), networks, strict=False):
            left, at = self._left.pop(network, (self._at_once * times, now))
            left = min(self._at_once * times, left + self._a_second * times * max(0.0, now - at))
            levels.append((network, left))
        enough = all(left >= amount for _, left in levels)
        for network, left in levels:
            self._left[network] = (left - amount if enough else left), now
        while len(self._left) > self._most:
            self._left.popitem(last=False)
        return enough

    def _take_one(self, network: bytes, now: float, amount: float) -> bool:
        held, most = self._left, self._at_once
        left, at = held.pop(network, (most, now))
        if now > at:
            left = min(most, left + self._a_second * (now - at))
        enough = left >= amount
        held[network] = (left - amount if enough else left), now
        if len(held) > self._most:
            held.popitem(last=False)
        return enough
