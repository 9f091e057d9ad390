"""A database of release 0.1 becomes one of this release, on both engines, and loses nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select, update

from canaries.core import store
from canaries.core.errors import StoreError
from canaries.core.migrations import VERSION
from canaries.core.store import Store

DATA = Path(__file__).parent / "data"
"""``schema-0.1.ENGINE.sql``: the statements by which release 0.1 made its tables."""

HOME = "5e" * 16
AT = "2026-11-22T12:00:00.000000Z"

_CANARY = (
    "INSERT INTO canary (id, entry_id, kind, created_at, expires_at, retired_at, parent)"
    f" VALUES ('{'aa' * 8}', '{'01' * 16}', 'url', '{AT}', '', '', '')"
)
_INCIDENT = (
    "INSERT INTO incident (id, opened_at, last_at, hits, state)"
    f" VALUES ('0123456789', '{AT}', '{AT}', 7, 'open')"
)
_ALERT = (
    "INSERT INTO outbox (id, channel, state, created_at, due_at, attempts, leased_until, done_at, problem)"
    f" VALUES ('{'02' * 16}', 'ops', 'waiting', '{AT}', '{AT}', 3, '', '', 'HTTP 500')"
)
ROWS = (_CANARY, _INCIDENT, _ALERT)


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """One as release 0.1 left it, and a fresh one of the same engine."""
    fresh = Store.sqlite(tmp_path / "fresh.db")
    if request.param == "postgresql":
        old = Store(request.getfixturevalue("postgres_url"))
    else:
        old = Store.sqlite(tmp_path / "old.db")
    fresh.create(HOME)
    with old.write() as connection:
        for statement in (DATA / f"schema-0.1.{request.param}.sql").read_text().split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
        for name, value in (("version", "1"), ("home", HOME), ("epoch", "3"), ("heartbeat", "0")):
            connection.execute(store.meta.insert().values(name=name, value=value))
        for statement in ROWS:
            connection.exec_driver_sql(statement)
    yield old, fresh
    old.close()
    fresh.close()


def shape(database: Store) -> dict[str, Any]:
    """Tables with their columns (name, nullable, part of the key) and indexes."""
    with database.read() as connection:
        found = inspect(connection)
        return {
            name: (
                {(column["name"], column["nullable"]) for column in found.get_columns(name)},
                tuple(found.get_pk_constraint(name)["constrained_columns"]),
                {(index["name"], tuple(index["column_names"])) for index in found.get_indexes(name)},
            )
            for name in found.get_table_names()
        }


def test_an_old_database_gets_the_shape_of_a_fresh_one(databases: tuple[Store, Store]) -> None:
    old, fresh = databases
    before = shape(old)
    old.check(HOME)
    assert before != shape(old) == shape(fresh)
    with old.read() as connection:
        version = connection.scalar(select(store.meta.c.value).where(store.meta.c.name == "version"))
    assert version == str(VERSION)


def test_a_database_of_a_checkout_of_0_2_gets_what_came_later(tmp_path: Path) -> None:
    made, fresh = Store.sqlite(tmp_path / "made.db"), Store.sqlite(tmp_path / "fresh.db")
    for one in (made, fresh):
        one.create(HOME)
    with made.write() as connection:
        for name in ("send", "stamp"):
            connection.exec_driver_sql(f'DROP TABLE "{name}"')
        connection.execute(update(store.meta).where(store.meta.c.name == "version").values(value="2"))
    made.check(HOME)
    assert shape(made) == shape(fresh)
    made.close()
    fresh.close()


def test_another_schema_is_another_version(databases: tuple[Store, Store]) -> None:
    """Homes are made by every commit. Who changes the schema raises `VERSION`, then writes the new digest here."""
    _, fresh = databases
    digest = hashlib.sha256(
        repr([(name, *map(sorted, parts)) for name, parts in sorted(shape(fresh).items())]).encode()
    ).hexdigest()
    assert (VERSION, digest[:16]) == (10, "39a9bcf2a0d5ee59")


def test_the_index_of_acts_of_version_8_is_made_anew(databases: tuple[Store, Store]) -> None:
    """It has to leave out look-ups, of which there may be as many as of hits."""
    old, _ = databases
    old.check(HOME)
    engine = "sqlite" if str(old.engine.url).startswith("sqlite") else "postgresql"
    definition = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE name = 'entry_acts'",
        "postgresql": "SELECT indexdef FROM pg_indexes WHERE indexname = 'entry_acts'",
    }[engine]
    with old.write() as connection:
        connection.exec_driver_sql("DROP INDEX entry_acts")
        connection.exec_driver_sql("CREATE INDEX entry_acts ON entry (id) WHERE kind <> 'hit'")
        for name in ("watch", "looked_up"):
            connection.exec_driver_sql(f'DROP TABLE "{name}"')
        connection.execute(update(store.meta).where(store.meta.c.name == "version").values(value="8"))
    old.check(HOME)
    with old.read() as connection:
        assert "looked-up" in str(connection.exec_driver_sql(definition).scalar_one())
    assert {"watch", "looked_up"} < set(shape(old))


def test_what_lay_in_it_is_there_and_the_added_columns_have_their_defaults(
    databases: tuple[Store, Store],
) -> None:
    old, _ = databases
    old.check(HOME)
    with old.read() as connection:
        row = connection.execute(select(store.outbox)).one()
        canary = connection.execute(select(store.canary)).one()
        notice = connection.execute(select(store.notice)).one()
    assert (row.state, row.attempts, row.problem, row.folded, row.progress) == (
        "waiting",
        3,
        "HTTP 500",
        0,
        None,
    )
    assert (canary.id, canary.amended) == ("aa" * 8, None)
    assert (notice.incident_id, notice.seen, notice.told, notice.due_at) == ("0123456789", 7, 7, "")


def test_a_program_of_the_old_version_that_still_runs_can_go_on_inserting(
    databases: tuple[Store, Store],
) -> None:
    old, _ = databases
    old.check(HOME)
    with old.write() as connection:
        for statement in ROWS:
            connection.exec_driver_sql(statement.replace("aa", "bb").replace("01", "03").replace("02", "04"))


def test_migrating_twice_changes_nothing(databases: tuple[Store, Store]) -> None:
    old, _ = databases
    old.check(HOME)
    once = shape(old)
    old.check(HOME)
    assert shape(old) == once


def test_o20_a_version_that_never_existed_is_a_sentence_and_nothing_is_changed(
    databases: tuple[Store, Store],
) -> None:
    old, _ = databases
    with old.write() as connection:
        connection.execute(update(store.meta).where(store.meta.c.name == "version").values(value="0"))
    before = shape(old)
    with pytest.raises(StoreError, match="version 0, which never existed"):
        old.check(HOME)
    assert shape(old) == before


def test_o20_opening_a_present_database_takes_no_write_lock(any_home: Any) -> None:
    with any_home.store.write() as connection:
        connection.execute(update(store.meta).where(store.meta.c.name == "epoch").values(value="1"))
        second = Store(any_home.store.url)
        second.check(any_home.id)  # would wait for the writer, and never come back, if it wrote
        second.close()
