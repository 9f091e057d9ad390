"""The bounds are bounds: against exact enumeration, and against a million innocents."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from canaries.copies.evidence import coin_tail, private_bound, written
from canaries.copies.sizes import ERROR


def test_the_tail_of_coins_is_exact() -> None:
    for found in range(1, 40):
        for agreed in range(found + 1):
            exact = Fraction(sum(math.comb(found, one) for one in range(agreed, found + 1)), 2**found)
            assert math.isclose(coin_tail(found, agreed, 1), math.log2(exact), abs_tol=1e-9)
    assert written(coin_tail(40, 40, 100)) == "9.1e-11"
    assert coin_tail(60, 52, 100) < math.log2(ERROR) < coin_tail(100, 60, 100)


def test_a_million_innocents_are_named_no_more_often_than_it_says() -> None:
    """Each tosses 200 coins of their own; a leak that had nothing to do with them has all of its rows."""
    draws = np.random.default_rng(11)
    agreed = draws.binomial(200, 0.5, size=1_000_000)
    for limit in (1e-2, 1e-3, 1e-4):
        least = next(number for number in range(201) if coin_tail(200, number, 1) <= math.log2(limit))
        assert np.count_nonzero(agreed >= least) / 1e6 <= limit * 1.25
    least = next(number for number in range(201) if coin_tail(200, number, 1) <= math.log2(ERROR))
    assert not np.count_nonzero(agreed >= least)


def test_rows_found_by_guesses_bound_the_simulated_chance() -> None:
    """12 rows, each hit by a guess with one in 16: at least k of them, in a million tries, against the bound."""
    hits = np.random.default_rng(12).binomial(12, 1 / 16, size=1_000_000)
    for count in range(1, 7):
        assert np.count_nonzero(hits >= count) / 1e6 <= 2 ** private_bound([4.0] * count, 12, 1) * 1.01


def test_more_rows_found_never_prove_less() -> None:
    ten = [private_bound([12.0] * count, 40, 10) for count in range(1, 40)]
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(ten))
    assert private_bound([], 40, 10) == private_bound([0.0] * 5, 40, 10) == 0
    assert (
        private_bound([90.0, 0.0, 0.0], 40, 10) < -79
    )  # what could be guessed does not blunt what could not


@given(st.floats(-3000, 0))
def test_what_is_written_is_never_less_than_what_was_found(log2: float) -> None:
    text = written(log2)
    mantissa, _, exponent = text.partition("e")
    shown = math.log2(float(mantissa)) + int(exponent or 0) * math.log2(10)
    assert log2 - 1e-6 <= shown <= log2 + math.log2(1.11)
