"""What the traps refused, dropped or cut, gathered into episodes: an operator is told of each once, with its counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from canaries.core import clock

QUIET_SECONDS = 120.0
"""An episode ends when nothing was refused for so long."""
_MOST_PARTS = 200


class Overload:
    """The episodes of one front. Belongs to its event loop."""

    def __init__(self, monotonic: Callable[[], float] = clock.monotonic) -> None:
        self._monotonic = monotonic
        self._episodes: dict[str, tuple[float, Counter[str]]] = {}
        self._last: dict[str, float] = {}

    def note(self, part: str, what: str, count: int = 1) -> None:
        """``part`` (``trap ssh``, ``journal``) had to do ``what`` (``refused``, ``dropped``) to so many."""
        now = self._monotonic()
        if part not in self._episodes or now - self._last[part] > QUIET_SECONDS:
            if part not in self._episodes and len(self._episodes) >= _MOST_PARTS:
                return
            self._episodes[part] = now, Counter()
        self._episodes[part][1][what] += count
        self._last[part] = now

    def episodes(self) -> dict[str, dict[str, Any]]:
        """Those that have not ended: ``seconds`` since it began, and the ``counts``."""
        now = self._monotonic()
        return {
            part: {"seconds": round(now - began, 1), "counts": dict(counts)}
            for part, (began, counts) in self._episodes.items()
            if now - self._last[part] <= QUIET_SECONDS
        }
