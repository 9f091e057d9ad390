"""Rates over UDP: so many datagrams a second of all sources together, and of each, in bounded memory.

Where all together are too many, a quarter more is kept for sources that have sent little, and another for datagrams
that may be bait: a flood from some sources, or in the names of many, silences neither a single look-up nor bait's.

A bucket of tokens each (RFC 2697 in its simplest form). Sources are kept as many as `sources` says, the least recently
seen forgotten first: a flood from invented addresses makes it forget, never grow, and what it costs is bounded by
the bucket of all.
"""

from __future__ import annotations

from collections import OrderedDict

from listener.net.addresses import subscriber

_BURST_SECONDS = 10.0
_QUIET = 0.9
"""A source that has so much of its bucket left has sent little."""


class RateLimit:
    """Asked for every datagram; not thread safe."""

    def __init__(self, total: float, per_source: float, *, sources: int = 10_000) -> None:
        """``total``, ``per_source``: datagrams a second; raises ValueError unless above zero."""
        if min(total, per_source) <= 0:
            raise ValueError("a rate is above zero")
        self._total, self._per_source, self._most = total, per_source, sources
        self._all: tuple[float, float] | None = None
        self._for_quiet: tuple[float, float] | None = None
        self._for_likely: tuple[float, float] | None = None
        self._sources: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    @property
    def known(self) -> int:
        """How many sources are remembered."""
        return len(self._sources)

    def allow(self, address: str, now: float, likely: bool = False) -> bool:
        """Whether a datagram from ``address`` at ``now`` (seconds of any monotonic clock) is served.

        ``likely``: whether it may be bait; it counts where all sources together are too many.
        """
        source = subscriber(address)
        own, level = _drawn(self._sources.pop(source, None), self._per_source, now)
        self._sources[source] = level
        if len(self._sources) > self._most:
            self._sources.popitem(last=False)
        if not own:
            return False
        fine, self._all = _drawn(self._all, self._total, now)
        if not fine and level[0] >= self._per_source * _BURST_SECONDS * _QUIET:
            fine, self._for_quiet = _drawn(self._for_quiet, self._total / 4, now)
        if not fine and likely:
            fine, self._for_likely = _drawn(self._for_likely, self._total / 4, now)
        return fine


def _drawn(bucket: tuple[float, float] | None, rate: float, now: float) -> tuple[bool, tuple[float, float]]:
    """Whether the bucket (tokens, when they were counted) had one, and the bucket behind that."""
    most = rate * _BURST_SECONDS
    tokens, at = bucket or (max(most, 1.0), now)
    tokens = min(max(most, 1.0), tokens + rate * max(0.0, now - at))
    return (True, (tokens - 1, now)) if tokens >= 1 else (False, (tokens, now))
