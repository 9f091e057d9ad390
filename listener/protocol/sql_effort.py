"""What the answer to one batch of statements may cost: evaluation and size are counted, and end at a bound.

A statement of 4 KB can ask for a gigabyte, by long texts in each of many columns and rows. A server with a time limit
on statements ends those, and so does a trap, in that server's words.
"""

from __future__ import annotations

_MOST = 131_072
_CHARACTERS = 32
"""Characters of a value that cost as much as one of an expression that is evaluated."""


class SqlTooMuchError(Exception):
    """The answer would cost more than is spent on one."""


class SqlEffort:
    """What is left of it."""

    def __init__(self) -> None:
        self._left = _MOST

    def evaluate(self, expression: str) -> None:
        """An expression is evaluated once. Raises SqlTooMuchError."""
        self._spend(len(expression))

    def hold(self, value: object) -> None:
        """A value is made. Raises SqlTooMuchError."""
        self._spend(1 + (len(value) // _CHARACTERS if isinstance(value, str | bytes) else 0))

    def _spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise SqlTooMuchError
