"""Random bytes for what is made often: drawn many at once, since each draw is a system call."""

from __future__ import annotations

import secrets

_DRAWN = 4096


class RandomPool:
    """The system's random bytes, each given out once. Not thread safe."""

    def __init__(self) -> None:
        self._drawn, self._at = b"", 0

    def take(self, count: int) -> bytes:
        """``count`` bytes, 4096 at most."""
        if self._at + count > len(self._drawn):
            self._drawn, self._at = secrets.token_bytes(_DRAWN), 0
        self._at += count
        return self._drawn[self._at - count : self._at]
