"""Counters of keys: seen before, set back after."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from canaries.plant.rows import counters, table


def prepared(folder: Path) -> table.Address:
    connection = sqlite3.connect(folder / "a.db")
    connection.executescript(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT); INSERT INTO t (a) VALUES ('x'), ('y');"
        "CREATE TRIGGER seen AFTER INSERT ON t BEGIN SELECT 1; END;"
        "CREATE TRIGGER gone AFTER DELETE ON t BEGIN SELECT 1; END;"
    )
    connection.close()
    return table.address(f"sqlite:///{folder}/a.db?table=t")


def test_a_counter_is_set_back_unless_somebody_came_after(tmp_path: Path) -> None:
    where = prepared(tmp_path)
    with table.opened(where, write=True) as connection:
        before = counters.state(connection, where, ("id",))
        assert before == {"value": 2}
        key = table.add(connection, where, {"a": "bait"}, ("id",))
        table.remove(connection, where, key)
        assert counters.set_back(connection, where, before, key["id"])
        assert counters.state(connection, where, ("id",)) == before
        key = table.add(connection, where, {"a": "bait"}, ("id",))
        table.add(connection, where, {"a": "somebody"}, ("id",))
        assert not counters.set_back(connection, where, before, key["id"])


def test_keys_without_a_counter(tmp_path: Path) -> None:
    where = prepared(tmp_path)
    with table.opened(where) as connection:
        assert counters.state(connection, where, ()) == {}
        assert not counters.set_back(connection, where, {}, 3)
        assert not counters.set_back(connection, where, {"value": 2}, "6f9619ff")


def test_only_triggers_of_inserts_are_named(tmp_path: Path) -> None:
    where = prepared(tmp_path)
    with table.opened(where) as connection:
        assert counters.triggers(connection, where) == ["seen"]
