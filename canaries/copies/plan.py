"""Which row goes to whom: rows of one recipient alone, of two, or by a fair coin for each recipient."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import log2

from canaries.copies import evidence, sizes
from canaries.core.errors import MintError
from canaries.core.text import counted

MOST_PAIRS = 10
"""Recipients up to whom two colluders are told by rows of pairs; above, coin rows are fewer."""
MOST_COLLUDERS = 5
MOST_RECIPIENTS = 10_000
_STRANGERS = 10
"""Addresses at the operator's domains that are no row of any copy, and that a leak is planned to have."""


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """How many rows the copies of one edition have."""

    recipients: int
    private: int
    """Rows that stand in one copy alone, for each copy."""
    pair: int
    """Rows that stand in two copies, for each two; 0: none."""
    coins: int
    """Rows that stand in each copy or not by a fair coin, in all."""
    needed: int = 1
    """Private rows that must be found before a copy is named."""

    @property
    def rows(self) -> int:
        """To be minted, in all."""
        return self.recipients * self.private + len(self.pairs()) * self.pair + self.coins

    @property
    def each(self) -> int:
        """In one copy, about."""
        return self.private + (self.recipients - 1) * self.pair + self.coins // 2

    def pairs(self) -> list[tuple[int, int]]:
        """All pairs of recipients, by their numbers; none where there are no rows of pairs."""
        return list(itertools.combinations(range(self.recipients), 2)) if self.pair else []

    def holders(self) -> Iterator[tuple[int, ...]]:
        """For each row its recipients, by their numbers: private rows, rows of pairs, coin rows (none named)."""
        for number in range(self.recipients):
            yield from [(number,)] * self.private
        for two in self.pairs():
            yield from [two] * self.pair
        yield from [()] * self.coins


def plan(recipients: int, colluders: int, share: float, bits: float) -> CopyPlan:
    """For so many recipients, and colluders among them; ``share`` (0 to 1): the least part of a copy that is to name
    it. ``bits``: what a row found is worth. Raises MintError where the copies would drown in such rows."""
    if not 1 <= colluders <= min(MOST_COLLUDERS, recipients):
        raise MintError(f"--colluders must be 1 to {min(MOST_COLLUDERS, recipients)}")
    if recipients > MOST_RECIPIENTS:
        raise MintError(f"{recipients} recipients are more than {MOST_RECIPIENTS}", hint="make two editions")
    coins = 0
    if colluders > 2 or (colluders == 2 and recipients > MOST_PAIRS):
        coins = sizes.coin_rows(recipients, colluders, share)
    for needed in range(1, 65):
        private = sizes.private_rows(share, needed)
        if colluders > 1:
            private = max(private, sizes.private_rows_together(share, needed, colluders))
        made = CopyPlan(recipients, private, private if colluders == 2 and not coins else 0, coins, needed)
        if made.rows > sizes.MOST_ROWS:
            break
        if named(made, [bits] * needed, tries=_STRANGERS + needed):
            return made
    raise MintError(
        f"copies that {counted(colluders, 'recipient')} of {recipients} cannot make nameless at {share:.0%} need "
        f"more than {sizes.MOST_ROWS:,} rows",
        hint="a larger --share, or fewer --colluders",
    )


def named(plan: CopyPlan, bits: list[float], tries: int) -> bool:
    """Whether private rows of one copy worth these bits name it, in a leak with so many guesses."""
    surprises = [one - log2(max(1, tries)) for one in bits]
    sets = (1 + bool(plan.pair) + bool(plan.coins)) * (plan.recipients + len(plan.pairs()))
    return evidence.private_bound(surprises, plan.private, sets) < log2(sizes.ERROR)


def coins(plan: CopyPlan, draw: Callable[[int], bytes]) -> list[int]:
    """For each recipient a number whose bits say which coin rows their copy has; ``draw`` gives random bytes."""
    size = -(-plan.coins // 8)
    return [int.from_bytes(draw(size)) & ((1 << plan.coins) - 1) for _ in range(plan.recipients)]
