"""Simulated leaks, in short: leakers are named as often as the sizes promise, and nobody else ever is."""

from __future__ import annotations

import pytest

from tools.leaks import ATTACKS, cell, innocent_coins, innocent_rows, table


@pytest.mark.parametrize(
    ("recipients", "leakers", "share"),
    [(10, 1, 0.01), (10, 2, 1.0), (10, 2, 0.2), (10, 3, 1.0), (100, 1, 0.2), (100, 2, 0.2), (100, 3, 1.0)],
)
def test_somebody_who_leaked_is_named_and_nobody_else(recipients: int, leakers: int, share: float) -> None:
    """95 % and more by the sizes; 40 leaks of each sort by the same draws in every run."""
    done = cell(recipients, leakers, share, 40)
    assert done.named >= 0.85, done.worst
    assert done.innocents == 0
    assert done.tried == 40 * (len(ATTACKS) if leakers > 1 else 1)


def test_more_leakers_than_planned_are_missed_and_still_nobody_else_is_named() -> None:
    """The control that fails: two who compare copies made against one leak nothing that names them."""
    done = cell(10, 2, 1.0, 20, planned=1)
    assert (done.named, done.innocents) == (0.0, 0)


def test_of_a_million_innocents_none_is_named() -> None:
    for found in (40, 200):
        chance, named = innocent_coins(found, 100, 1_000_000)
        assert chance < 1e-6 / 100
        assert named == 0
    some, named = innocent_rows(2000, 100, 1_000_000)
    assert some > 1000
    assert named == 0


def test_the_table_has_a_line_for_each_case() -> None:
    lines = list(table(1, sizes=(10,)))
    assert len(lines) == 2 + 3 * 4
    assert all(line.count("|") == 8 for line in lines)
