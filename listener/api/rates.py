"""How often somebody may ask: a bucket that fills steadily, one a token or network, in this process's memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from canaries.core import clock

PER_SECOND, BURST = 20.0, 200
_MOST = 10_000


class RateLimiter:
    """Safe with any number of threads; it forgets whoever has not asked for longest."""

    def __init__(
        self, per_second: float = PER_SECOND, burst: int = BURST, tick: Callable[[], float] = clock.monotonic
    ) -> None:
        self._per_second, self._burst, self._tick = per_second, burst, tick
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        """0 where the request may go on, else the seconds until one may."""
        now = self._tick()
        with self._lock:
            left, at = self._buckets.pop(key, (float(self._burst), now))
            left = min(float(self._burst), left + (now - at) * self._per_second)
            self._buckets[key] = (left - 1 if left >= 1 else left, now)
            while len(self._buckets) > _MOST:
                self._buckets.popitem(last=False)
            return 0.0 if left >= 1 else (1 - left) / self._per_second
