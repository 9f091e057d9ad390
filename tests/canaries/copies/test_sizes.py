"""Sizes are those that a search by simulation found, and no row more than the binomial law asks for."""

from __future__ import annotations

import pytest

from canaries.copies.sizes import POWER, coin_rows, fewer_than, private_rows

SEARCHED = {
    (10, 2): (127, 639, 2580),
    (100, 2): (139, 735, 2928),
    (1000, 2): (154, 798, 3188),
    (10, 3): (261, 1347, 5240),
    (1000, 3): (310, 1638, 6384),
}
"""Coin rows that a search found for 95 % (60 to 400 trials a point: within a tenth), by share 100, 20 and 5 %."""


def test_private_rows_for_a_leak_of_one_copy() -> None:
    assert [private_rows(share) for share in (1.0, 0.2, 0.05, 0.01)] == [1, 21, 90, 459]
    assert [private_rows(share, 2) for share in (0.2, 0.05, 0.01)] == [31, 130, 662]


@pytest.mark.parametrize(("recipients", "colluders"), SEARCHED)
def test_coin_rows_are_those_of_the_search(recipients: int, colluders: int) -> None:
    for share, found in zip((1.0, 0.2, 0.05), SEARCHED[recipients, colluders], strict=True):
        assert abs(coin_rows(recipients, colluders, share) / found - 1) < 0.11


def test_one_row_less_would_not_do() -> None:
    for share, needed in ((0.2, 1), (0.05, 3), (0.5, 7)):
        rows = private_rows(share, needed)
        assert fewer_than(needed, rows, share) <= 1 - POWER < fewer_than(needed, rows - 1, share)


def test_a_share_of_everything_has_every_row() -> None:
    assert fewer_than(3, 3, 1.0) == 0
    assert fewer_than(3, 2, 1.0) == 1
