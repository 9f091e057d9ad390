"""An id between others is nobody's, and in their order."""

from __future__ import annotations

import random

from canaries.copies.free_numbers import FreeNumbers


def test_gaps_are_filled_before_the_end_is() -> None:
    ids = FreeNumbers([10, 12, 13, 20], random.Random(1))
    taken = []
    for _ in range(8):
        place = ids.place()
        number = ids.take(place)
        low, high = [0, 10, 12, 13, 20][place], [10, 12, 13, 20, 10**9][place]
        assert low < number < high
        assert 0 <= ids.part(place, number) <= 1
        taken.append(number)
    assert sorted(taken) == [11, *range(14, 20), 21]
    assert ids.place() == 4


def test_numbers_in_no_order_are_drawn_between_the_others() -> None:
    ids = FreeNumbers([900, 5, 333, 71], random.Random(1))
    assert not ids.ordered
    drawn = {ids.take(0) for _ in range(50)}
    assert len(drawn) == 50
    assert all(5 < one < 900 for one in drawn)
    assert not drawn & {333, 71}


def test_numbers_without_gaps_go_on_at_the_end() -> None:
    ids = FreeNumbers([3, 1, 2], random.Random(1))
    assert [ids.take(0) for _ in range(2)] == [4, 5]
    one = FreeNumbers([1, 2, 3], random.Random(1))
    assert (one.place(), one.take(3), one.take(3)) == (3, 4, 5)
