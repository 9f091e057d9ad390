"""How many rows of its own a copy needs, so that a leaked part of it names a recipient; exact, by the binomial law.

A copy that leaks alone is named by its *private* rows: of m rows at least ``needed`` are in a part of size ``share``.
Recipients who compare their copies drop what differs. What they all have, they cannot see: of M *coin* rows, each in a
copy or not by a fair coin, a part ``share / 2**colluders`` is in all their copies and in the leak, and so many of them
must be there that nobody uninvolved agrees with all by chance.
"""

from __future__ import annotations

import math

ERROR = 1e-6
"""Chance, over all recipients of an edition together, that one is named whose copy has no part in the leak."""
POWER = 0.99
"""Chance that a recipient is named whose copy leaks alone."""
POWER_TOGETHER = 0.95
"""Chance that one of several is named who put their copies together."""
MOST_ROWS = 1_000_000


def private_rows(share: float, needed: int = 1) -> int:
    """The least m, so that with `POWER` at least ``needed`` of m rows are in a part of size ``share`` (0 to 1)."""
    return _least(share, needed, POWER)


def private_rows_together(share: float, needed: int, colluders: int) -> int:
    """The least m, so that with `POWER_TOGETHER` one of ``colluders`` still has ``needed`` of their m private rows in a
    part of size ``share``, where of what differs each row is as one of them, drawn by lot, has it."""
    return _least(share / colluders, needed, 1 - (1 - POWER_TOGETHER) ** (1 / colluders))


def coin_rows(recipients: int, colluders: int, share: float) -> int:
    """The least M for ``colluders`` of ``recipients`` who leak what all of them have, or a ``share`` of that.

    Half of the error is left to the private rows.
    """
    return _least(share / 2**colluders, math.ceil(math.log2(2 * recipients / ERROR)), POWER_TOGETHER)


def fewer_than(needed: int, rows: int, share: float) -> float:
    """P(X < needed) where X counts which of ``rows`` are in a part of size ``share``."""
    if share >= 1:
        return 0.0 if rows >= needed else 1.0
    return sum(
        math.exp(
            math.lgamma(rows + 1)
            - math.lgamma(number + 1)
            - math.lgamma(rows - number + 1)
            + number * math.log(share)
            + (rows - number) * math.log1p(-share)
        )
        for number in range(min(needed, rows + 1))
    )


def _least(share: float, needed: int, power: float) -> int:
    low, high = needed, needed
    while fewer_than(needed, high, share) > 1 - power:
        low, high = high + 1, high * 2
    while low < high:
        middle = (low + high) // 2
        if fewer_than(needed, middle, share) > 1 - power:
            low = middle + 1
        else:
            high = middle
    return high
