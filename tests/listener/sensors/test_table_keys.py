"""Rows are named by keys as the database writes them, or by a condition that can only read."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from canaries.plant.rows import table
from listener.readers import ReaderError
from listener.sensors.table_keys import KeyColumn
from tests.subscribers import Subscribers


def test_keys_and_conditions(shop: Subscribers) -> None:
    with table.opened(table.address(shop.url)) as connection:
        column = KeyColumn(connection, table.address(shop.url))
        assert (column.name, column.key_of(" 0017")) == ("id", "17")
        assert column.keys_where("id < 3 OR email LIKE 'n9@%' -- %s") == ["1", "2", "9"]
        with pytest.raises(ReaderError, match="more than 1000 rows"):
            column.keys_where("true")
    where = table.address(shop.url)
    with pytest.raises(PlantError, match="read-only transaction"), table.opened(where) as connection:
        KeyColumn(connection, where).keys_where("nextval('subscribers_id_seq') > 0")
    other = table.address(shop.url, "no_such_table")
    with pytest.raises(ReaderError, match="there is no table"), table.opened(other) as connection:
        KeyColumn(connection, other)
    catalogue = table.address(shop.url, "pg_catalog.pg_stat_activity")
    with (
        pytest.raises(ReaderError, match="no primary key of one column"),
        table.opened(catalogue) as connection,
    ):
        KeyColumn(connection, catalogue)
