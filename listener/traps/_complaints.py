"""What a trap tells the log of its own trouble, seldom enough that no visitor can fill it."""

from __future__ import annotations

import logging

from canaries.core import clock

_SECONDS = 60.0


class Complaints:
    """Call it with what a sentence is about and the sentence, which holds no visitor's text."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._said: dict[str, float] = {}

    def __call__(self, about: str, sentence: str) -> None:
        """Say it, at most once a minute."""
        now = clock.monotonic()
        if now - self._said.get(about, -_SECONDS) >= _SECONDS:
            self._said[about] = now
            self._log.error("%s", sentence)
