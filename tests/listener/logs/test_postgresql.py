"""A line with a mark is a read with the database's word; other lines are nothing."""

from __future__ import annotations

from listener.logs.postgresql import PostgresqlLog
from tests.listener.readers.test_mark import MARK, message

SAID = {
    "at": "2026-11-27T08:00:00Z", "user": "analyst", "client": "10.0.0.9", "port": 50_123, "role": "none",
    "application": "psql", "query": "SELECT 1", "database": "shop", "process": 7, "reason": "ticket 4", "actor": None,
}  # fmt: skip


def test_a_marked_line() -> None:
    line = f"LOG:  {message(SAID)}".encode()
    block = b"LOG:  checkpoint starting\n" + line + b"\n"
    assert list(PostgresqlLog().interesting(block, lambda block: ())) == [block.index(MARK.encode())]
    found = PostgresqlLog().record(line)
    assert found is not None
    assert (found.account, found.client, found.port, found.request) == (
        "analyst",
        "10.0.0.9",
        50_123,
        "SELECT 1",
    )
    assert found.facts == {"database": "shop", "process": "7", "reason": "ticket 4", "application": "psql"}
    assert found.strings == (MARK,)
    assert found.only_strings
    assert PostgresqlLog().record(b"LOG:  checkpoint starting") is None
    assert PostgresqlLog().sound(block) == 2


def test_an_impossible_port_is_none() -> None:
    found = PostgresqlLog().record(message(SAID | {"port": 70_000, "client": ["x"], "user": None}).encode())
    assert found is not None
    assert (found.port, found.client, found.account) == (0, "", "")
