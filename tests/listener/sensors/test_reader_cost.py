"""The cost is measured on a copy that nobody else sees and that is gone afterwards."""

from __future__ import annotations

import pytest

from listener.sensors import database_readers
from listener.sensors.reader_cost import ReaderCost
from tests.subscribers import Subscribers


def test_three_sorts_of_statements_are_measured_and_nothing_is_left(shop: Subscribers) -> None:
    before = shop.cluster.schema(shop.database)
    costs = database_readers.propose(shop.home, shop.url, cost=True).costs
    assert [one.what for one in costs] == ["one row by its key", "a page of 100 rows", "the whole table"]
    assert all(0 < one.low <= one.ratio <= one.high and one.without_us >= 0 for one in costs)
    assert shop.cluster.schema(shop.database) == before
    assert shop.seen() == [], "marks of the copy are nobody's"


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ((1.25, 1.21, 1.3), "costs 1.25 times as much (1.21 to 1.30): a page"),
        (
            (1.02, 0.97, 1.06),
            "costs nothing that 7 rounds tell from noise (0.97 to 1.06 times as much): a page",
        ),
        (
            (0.9, 0.85, 0.95),
            "costs nothing that 7 rounds tell from noise (0.85 to 0.95 times as much): a page",
        ),
    ],
)
def test_noise_is_no_gain(figures: tuple[float, float, float], said: str) -> None:
    assert ReaderCost("a page", 10, *figures).sentence == said
