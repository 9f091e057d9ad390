"""The cost is measured on a copy that nobody else sees and that is gone afterwards."""

from __future__ import annotations

from listener.sensors import database_readers
from tests.subscribers import Subscribers


def test_three_sorts_of_statements_are_measured_and_nothing_is_left(shop: Subscribers) -> None:
    before = shop.cluster.schema(shop.database)
    costs = database_readers.propose(shop.home, shop.url, cost=True).costs
    assert [one.what for one in costs] == ["one row by its key", "a page of 100 rows", "the whole table"]
    assert all(one.ratio > 0 and one.without_us >= 0 for one in costs)
    assert shop.cluster.schema(shop.database) == before
    assert shop.seen() == [], "marks of the copy are nobody's"
