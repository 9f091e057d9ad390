"""Who gets which rows: as many as the level asks for, and to nobody else."""

from __future__ import annotations

import pytest

from canaries.copies.plan import MOST_RECIPIENTS, coins, plan
from canaries.core.errors import MintError
from tests import steady


def test_one_leaker_needs_private_rows_alone() -> None:
    made = plan(100, 1, 0.2, 96.0)
    assert (made.private, made.pair, made.coins, made.needed) == (21, 0, 0, 1)
    assert made.rows == 2100
    assert made.each == 21


def test_rows_that_can_be_guessed_must_be_found_more_than_once() -> None:
    made = plan(100, 1, 0.2, 22.0)
    assert made.needed > 1
    assert made.private > 21


def test_two_of_few_are_told_by_rows_of_pairs_and_two_of_many_by_coins() -> None:
    few, many = plan(10, 2, 1.0, 96.0), plan(11, 2, 1.0, 96.0)
    assert (few.pair, few.coins, len(few.pairs())) == (few.private, 0, 45)
    assert many.pair == 0
    assert many.coins > 0
    holders = list(few.holders())
    assert len(holders) == few.rows
    assert sum(3 in one for one in holders) == few.each


def test_coins_are_fair_and_no_two_copies_alike() -> None:
    made = plan(50, 3, 1.0, 96.0)
    tossed = coins(made, steady.draw("coins"))
    share = sum(one.bit_count() for one in tossed) / (50 * made.coins)
    assert abs(share - 0.5) < 0.02
    assert len(set(tossed)) == 50
    assert max(tossed) < 1 << made.coins


@pytest.mark.parametrize(
    ("recipients", "colluders", "share"),
    [(5, 6, 1.0), (1, 2, 1.0), (MOST_RECIPIENTS + 1, 1, 1.0), (1000, 5, 0.01)],
)
def test_what_cannot_be_is_refused(recipients: int, colluders: int, share: float) -> None:
    with pytest.raises(MintError):
        plan(recipients, colluders, share, 22.0)
