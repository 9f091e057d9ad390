"""How many bulk answers may be on their way at a time: slow readers hold some threads of the server, never all."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

from listener.api.problems import ApiError

MOST, MOST_OF_ONE = 4, 2
"""Of all accounts, and of one. Fewer than the server's threads for pages (`listener.console.server`)."""


class BulkSlots:
    """Safe with any number of threads."""

    def __init__(self, most: int = MOST, most_of_one: int = MOST_OF_ONE) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    def take(self, account: str) -> Callable[[], None]:
        """A slot; what is given back frees it, and may be called twice. Raises ApiError: 429."""
        with self._lock:
            if self._taken.total() >= self._most or self._taken[account] >= self._most_of_one:
                raise ApiError(
                    *(429, "Too Many Requests", "too many bulk orders are being answered"),
                    hint="send it again when one has ended",
                    Retry_After="10",
                )
            self._taken[account] += 1
        left = [account]

        def free() -> None:
            with self._lock:
                self._taken -= Counter(left)
                left.clear()

        return free


SLOTS = BulkSlots()
