"""Leaks of issued copies, simulated: how often somebody who leaked is named, and whether ever somebody who did not.

``python -m tools.leaks`` prints the tables of docs/copies.md. Names are given by the product's own code, from an
edition in memory; what leaks is made by each attack below, the worst of which counts. Rows that all leakers have look
like real ones to them and stay in.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from canaries.content import locales
from canaries.copies import evidence, plan
from canaries.copies.accusing import LeakTries, RowWorth, accuse_edition
from canaries.copies.editions import Edition, IssuedCopy
from canaries.copies.people import BITS
from canaries.copies.plan import CopyPlan
from canaries.copies.sizes import ERROR
from canaries.core.errors import MintError

Keep = Callable[[int, int, random.Random], bool]
"""Whether a row stays that so many of so many leakers have."""

ATTACKS: Mapping[str, Keep] = {
    "all rows of any": lambda have, of, chance: True,
    "rows of all": lambda have, of, chance: False,
    "rows of most": lambda have, of, chance: 2 * have > of,
    "rows of few": lambda have, of, chance: 2 * have < of,
    "each row as one of them has it": lambda have, of, chance: chance.random() * of < have,
    "half of what differs": lambda have, of, chance: chance.random() < 0.5,
}


@dataclass(frozen=True, slots=True)
class LeakResult:
    """How one cell of the table went."""

    plan: CopyPlan
    worst: str
    """The attack that hid the leakers best."""
    named: float
    """How often at least one leaker was named under it, 0 to 1."""
    innocents: int
    """Recipients named who did not leak, over all attacks and trials."""
    tried: int
    """Leaks, over all attacks."""


def edition(made: CopyPlan, draw: Callable[[int], bytes]) -> Edition:
    """An edition of a plan, in memory; canaries are numbers."""
    tossed, holders = plan.coins(made, draw), list(made.holders())
    first = len(holders) - made.coins
    private: list[list[str]] = [[] for _ in range(made.recipients)]
    pairs: list[list[tuple[str, int]]] = [[] for _ in range(made.recipients)]
    for row, who in enumerate(holders[:first]):
        if len(who) == 1:
            private[who[0]].append(str(row))
        else:
            pairs[who[0]].append((str(row), who[1]))
            pairs[who[1]].append((str(row), who[0]))
    copies = tuple(
        IssuedCopy(str(at), at, str(at), tuple(private[at]), tuple(pairs[at]), tossed[at], (), "")
        for at in range(made.recipients)
    )
    said = {"private": made.private, "pair": made.pair}
    rows = tuple(str(first + bit) for bit in range(made.coins))
    return Edition("e" * 16, "simulated", "2026-01-01", "", "data", said, rows, copies)


def leak(
    issued: Edition, leakers: Sequence[int], keep: Keep, share: float, chance: random.Random
) -> list[str]:
    """The canaries in a part of what the leakers keep of their copies."""
    have: dict[str, int] = {}
    for number in leakers:
        copy = issued.copies[number]
        mine = [*copy.private, *(row for row, _ in copy.pairs)]
        mine += [row for bit, row in enumerate(issued.coin_rows) if copy.coins >> bit & 1]
        for row in mine:
            have[row] = have.get(row, 0) + 1
    of = len(leakers)
    kept = [row for row, count in have.items() if count == of or keep(count, of, chance)]
    return [row for row in kept if chance.random() < share]


def cell(
    recipients: int, colluders: int, share: float, trials: int, *, planned: int = 0, seed: int = 1
) -> LeakResult:
    """One cell; a new edition every ten leaks. ``planned``: leakers that the copies are made against, if others.

    Raises MintError where such copies cannot be made."""
    made = plan.plan(recipients, planned or colluders, share, BITS)
    chance = random.Random(f"{seed} {recipients} {colluders} {share}")  # noqa: S311  a simulation
    named = dict.fromkeys(ATTACKS, 0)
    innocents, issued = 0, edition(made, chance.randbytes)
    for trial in range(trials):
        if trial % 10 == 9:
            issued = edition(made, chance.randbytes)
        leakers = chance.sample(range(recipients), colluders)
        for name, keep in ATTACKS.items() if colluders > 1 else list(ATTACKS.items())[:1]:
            rows = leak(issued, leakers, keep, share, chance)
            worth = RowWorth(BITS, 0.0)
            said = accuse_edition(issued, dict.fromkeys(rows, worth), LeakTries(len(rows), 0))
            who = [{int(one) for one in found.recipients} for found in said if found.named]
            named[name] += any(one & set(leakers) for one in who)
            innocents += sum(not one & set(leakers) for one in who)
    if colluders == 1:
        named = {name: named[next(iter(ATTACKS))] for name in list(ATTACKS)[:1]}
    worst = min(named, key=lambda name: named[name])
    return LeakResult(
        made, worst if colluders > 1 else "", named[worst] / trials, innocents, trials * len(named)
    )


def innocent_coins(found: int, recipients: int, count: int, seed: int = 2) -> tuple[float, int]:
    """(the exact chance that one uninvolved recipient of ``recipients`` is named, how many of ``count`` were), where a
    leak has so many coin rows."""
    least = next(
        number
        for number in range(found + 2)
        if _tail(found, number) + math.log2(2 * recipients) < math.log2(ERROR)
    )
    draws, agreed = np.random.default_rng(seed), np.empty(count, np.int64)
    for start in range(0, count, 100_000):  # true coins: a bit each
        many = min(100_000, count - start)
        tossed = np.frombuffer(draws.bytes(many * -(-found // 8)), np.uint8).reshape(many, -1)
        agreed[start : start + many] = np.unpackbits(tossed, axis=1)[:, :found].sum(axis=1)
    return 2 ** _tail(found, least), int(np.count_nonzero(agreed >= least))


def _tail(found: int, number: int) -> float:
    return -math.inf if number > found else evidence.coin_tail(found, number, 1)


def innocent_rows(
    guesses: int, recipients: int, count: int, seed: int = 3, share: float = 0.2
) -> tuple[int, int]:
    """(innocents with a row that was guessed, innocents named) of ``count``, against somebody who knows the form of the
    addresses and guesses the most probable names with every number behind them."""
    made, locale, draws = (
        plan.plan(recipients, 1, share, BITS),
        locales.load("en_US"),
        np.random.default_rng(seed),
    )
    first = np.diff(locale.women.sums, prepend=0) / locale.women.sums[-1] / 2
    last = np.diff(locale.families.sums, prepend=0) / locale.families.sums[-1]
    digits = 0
    while -math.log2(first.max() * 2 * last.max()) + digits * math.log2(10) < BITS:
        digits += 1
    numbers = 10**digits
    names = -(-guesses // numbers)
    best = np.argsort(np.outer(first * 2, last).ravel())[::-1][:names]
    covered = float(np.outer(first * 2, last).ravel()[best].sum()) * guesses / (names * numbers)
    hits = draws.binomial(made.private, covered, size=count)  # each row is drawn by itself
    surprise = BITS - math.log2(guesses)
    bounds = [
        evidence.private_bound([max(0.0, surprise)] * k, made.private, recipients)
        for k in range(made.private + 1)
    ]
    named = np.array([one < math.log2(ERROR) for one in bounds])
    return int(np.count_nonzero(hits)), int(np.count_nonzero(named[hits]))


def table(trials: int, sizes: Sequence[int] = (10, 100, 1000)) -> Iterator[str]:
    """Of docs/copies.md, a line each."""
    columns = (
        "recipients",
        "leakers",
        "part that leaks",
        "marks in a copy",
        "one is named",
        "worst attack",
        "innocents",
    )
    yield f"| {' | '.join(columns)} |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for recipients in sizes:
        for colluders in (1, 2, 3):
            for share in (1.0, 0.2, 0.05, 0.01):
                lead = f"| {recipients} | {colluders} | {share:.0%} |"
                try:
                    done = cell(recipients, colluders, share, trials)
                except MintError:
                    yield f"{lead} refused | | | |"
                    continue
                told = f"{done.innocents} in {done.tried} leaks"
                yield f"{lead} {done.plan.each:,} | {done.named:.0%} | {done.worst} | {told} |"


def main(trials: int) -> None:
    """Print both tables."""
    for line in table(trials):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    sys.stdout.write("\n")
    for found, recipients in ((40, 10), (150, 100), (1600, 1000)):
        chance, named = innocent_coins(found, recipients, 1_000_000)
        sys.stdout.write(
            f"{found} coin rows, {recipients} recipients: {chance:.1e} each, {named} of 1,000,000\n"
        )
    for guesses in (50, 2000, 100_000):
        some, named = innocent_rows(guesses, 100, 1_000_000)
        sys.stdout.write(
            f"{guesses} guesses, 100 recipients: {some} of 1,000,000 have a row, {named} named\n"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
