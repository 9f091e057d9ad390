"""Random bytes for what is made often: drawn many at once, since each draw is a system call."""

from __future__ import annotations

import os
import secrets

_DRAWN = 4096


class RandomPool:
    """The system's random bytes, each given out once, by a fork of the process too. Not thread safe."""

    def __init__(self) -> None:
        self._drawn, self._at, self._process = b"", 0, os.getpid()

    def take(self, count: int) -> bytes:
        """``count`` bytes, 4096 at most."""
        if self._at + count > len(self._drawn) or self._process != os.getpid():
            self._drawn, self._at, self._process = secrets.token_bytes(_DRAWN), 0, os.getpid()
        self._at += count
        return self._drawn[self._at - count : self._at]
