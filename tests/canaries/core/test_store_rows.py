"""Rows arrive as they are, however many; where one is there already, what was asked for changes."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from canaries.core import store
from canaries.installation.home import Home


@pytest.mark.parametrize("count", [0, 1, 2_345])
def test_many_rows_arrive_as_they_are(any_home: Home, count: int) -> None:
    rows = [(f"{number:032x}", bytes([number % 256]) * 32) for number in range(count)]
    with any_home.store.write() as connection:
        any_home.store.bulk(connection, store.unsealed, rows)
    with any_home.store.read() as connection:
        query = select(store.unsealed).order_by(store.unsealed.c.entry_id)
        assert [(row.entry_id, bytes(row.hash)) for row in connection.execute(query)] == rows


def test_many_are_inserted_and_of_those_that_exist_the_named_columns_change(any_home: Home) -> None:
    table = store.drained
    rows = [("a", 1, False), ("b", 2, False)]
    with any_home.store.write() as connection:
        store.upsert_many(connection, table, [], ("offset",))
        store.upsert_many(connection, table, rows[:1], ("offset",))
        store.upsert_many(connection, table, [("a", 7, True), rows[1]], ("offset",))
        found = {row.segment: (row.offset, row.done) for row in connection.execute(table.select())}
    assert found == {"a": (7, False), "b": (2, False)}


def test_upsert_inserts_then_changes(any_home: Home) -> None:
    table = store.tally
    for _ in range(3):
        with any_home.store.write() as connection:
            row = {"day": "2026-01-01", "trap": "http", "sightings": 2}
            store.upsert(connection, table, row, {"sightings": table.c.sightings + 2})
    with any_home.store.read() as connection:
        assert connection.execute(select(table.c.sightings)).scalar_one() == 6
