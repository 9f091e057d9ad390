"""What a leak proves about a copy: exact bounds on the chance that an uninvolved recipient agrees with it so well.

All values are binary logarithms of probabilities: they are small, and multiply.

    private rows   q = tries / 2**bits bounds the chance that one of the rows is in the leak by a guess. That k of a
                   recipient's m rows are: at most C(m, k) q**k, over all recipients times their number
    coin rows      of n that are in the leak, k were issued to the recipient: sum over i >= k of C(n, i) / 2**n, times
                   the number of recipients. Exact, whatever the leakers did: coins of a copy that has no part in the
                   leak are independent of it
"""

from __future__ import annotations

import math
from collections.abc import Sequence

CERTAIN = 0.0
"""log2 of 1: nothing is shown."""


def coin_tail(found: int, agreed: int, recipients: int) -> float:
    """log2 of the bound for ``agreed`` of ``found`` coin rows. Integers of any size, one rounding at the end."""
    term = total = math.comb(found, agreed)
    for number in range(agreed + 1, found + 1):
        term = term * (found - number + 1) // number
        total += term
    return min(CERTAIN, math.log2(total) - found + math.log2(recipients))


def private_bound(surprises: Sequence[float], rows: int, sets: int) -> float:
    """log2 of the bound for rows found of ``rows`` that one recipient (or pair) has alone, of ``sets`` such.

    ``surprises``: -log2(q) of each row found. The best of "the k most surprising" counts, and pays for the choice.
    """
    best, ordered = CERTAIN, sorted((max(0.0, one) for one in surprises), reverse=True)
    for count, weakest in enumerate(ordered, 1):
        chance = math.log2(math.comb(rows, count)) - count * weakest
        best = min(best, chance + math.log2(sets) + math.log2(len(ordered)))
    return best


def written(log2: float) -> str:
    """A probability in words that stay short: ``3.1e-10``; rounded up, so that it stays a bound."""
    exponent = math.floor(log2 * math.log10(2))
    digits = math.ceil(10 ** (log2 * math.log10(2) - exponent) * 10 - 1e-9)
    if digits >= 100:
        digits, exponent = 10, exponent + 1
    return "1" if log2 >= 0 else f"{digits // 10}.{digits % 10}e{exponent:+03d}"
