"""What speaks against a policy, on a real server."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from canaries.plant.rows import table
from listener.readers import ReaderError, ReaderRequest, WatchedRow
from listener.readers._postgres_table import WatchedTable
from tests.subscribers import Subscribers


@pytest.fixture
def connection(shared_shop: Subscribers) -> Iterator[Connection]:
    """As superuser; rolled back."""
    with table.opened(table.address(shared_shop.url)) as opened:
        yield opened


def request(
    connection: Connection, url: str, name: str = "subscribers", key: dict[str, object] | None = None
) -> ReaderRequest:
    row = WatchedRow("c", key or {"id": 1}, "0" * 32)
    where = dataclasses.replace(table.address(url), table=name)
    return ReaderRequest(connection, where, (row,), lambda purpose, words, taken: purpose)


def test_owner_key_and_names(connection: Connection, shared_shop: Subscribers) -> None:
    found = WatchedTable(request(connection, shared_shop.url))
    assert (found.full, found.key, found.type, found.owner) == ("public.subscribers", "id", "bigint", "owner")
    assert found.superuser
    assert {"subscribers", "analyst"} <= found.taken()
    assert [one.word for one in found.refusals()] == ["dumps"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("ALTER TABLE subscribers ENABLE ROW LEVEL SECURITY", ["", "dumps"]),
        ("CREATE TABLE late () INHERITS (subscribers)", ["", "dumps"]),
        ("ALTER TABLE subscribers OWNER TO postgres", ["strong-owner", "dumps"]),
        ("REVOKE ALL ON subscribers FROM analyst, owner", []),
    ],
)
def test_refusals(connection: Connection, shared_shop: Subscribers, change: str, words: list[str]) -> None:
    connection.exec_driver_sql(change)
    assert [one.word for one in WatchedTable(request(connection, shared_shop.url)).refusals()] == words


def test_views_with_an_owner_whom_no_policy_holds(connection: Connection, shared_shop: Subscribers) -> None:
    connection.exec_driver_sql("CREATE VIEW strong AS SELECT * FROM subscribers")
    connection.exec_driver_sql("CREATE VIEW weak AS SELECT * FROM subscribers")
    connection.exec_driver_sql("ALTER VIEW weak OWNER TO analyst")
    assert WatchedTable(request(connection, shared_shop.url)).strong_views() == ["strong"]


def test_what_can_have_no_sensor(connection: Connection, shared_shop: Subscribers) -> None:
    connection.exec_driver_sql("CREATE VIEW strong AS SELECT * FROM subscribers")
    cases: tuple[tuple[str, dict[str, object], str], ...] = (
        ("nobody", {"id": 1}, "no table"),
        ("strong", {"id": 1}, "no ordinary table"),
        ("subscribers", {"id": 1, "name": "x"}, "no key of one column"),
        ("subscribers", {"created_at": 1}, "timestamp with time zone, which this sensor cannot hash"),
    )
    for name, key, reason in cases:
        with pytest.raises(ReaderError, match=reason):
            WatchedTable(request(connection, shared_shop.url, name, key))
