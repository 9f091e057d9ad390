"""The roles on PostgreSQL: a listener works with its own, and can neither change nor delete evidence."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import delete, event, update

from canaries.core import roles
from canaries.core.errors import StoreError
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from canaries.ledger.verification import verify
from canaries.mint import minting
from canaries.operators import erasure

LISTENER, OPERATORS = f"tl_listener_{secrets.token_hex(4)}", f"tl_operators_{secrets.token_hex(4)}"


@pytest.fixture
def granted(postgres_home: Home) -> Iterator[Home]:
    home = postgres_home
    with home.store.write() as connection:
        for role in (LISTENER, OPERATORS):
            connection.exec_driver_sql(f"CREATE ROLE {role}")
        roles.grant(connection, LISTENER, OPERATORS)
    yield home
    home.close()
    with Home.open(home.path) as owner, owner.store.write() as connection:
        for role in (LISTENER, OPERATORS):
            connection.exec_driver_sql(f"DROP OWNED BY {role}")
            connection.exec_driver_sql(f"DROP ROLE {role}")


def become(home: Home, role: str) -> Home:
    """The same database, with the rights of ``role`` only."""
    made = Home.open(home.path)

    @event.listens_for(made.store.engine, "connect")
    def _connected(connection: Any, _: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}")
        connection.commit()

    made.store.engine.dispose()  # connections of before have the owner's rights
    return made


def test_a_listener_works_and_cannot_take_back(granted: Home, strike: Callable[..., str]) -> None:
    (minted,) = minting.mint(granted, "url")
    with become(granted, LISTENER) as home:
        hit = strike(home, minted.canary)
        sealer = LogSealer(home)
        sealer.seal_once()
        sealer.checkpoint()
        for table in roles.EVIDENCE:
            for change in (delete(table), update(table).values({next(iter(table.columns)).name: "1"})):
                with pytest.raises(StoreError, match="permission denied"), home.store.write() as connection:
                    connection.execute(change)
    assert verify(granted).entries == 3
    with become(granted, OPERATORS) as home:
        erasure.erase(home, hit, "request of the person")
    assert verify(granted).erased == 2


def test_a_role_that_is_not_there_is_named(granted: Home) -> None:
    with pytest.raises(StoreError, match="no role called 'nobody'"), granted.store.write() as connection:
        roles.grant(connection, "nobody", OPERATORS)


def test_sqlite_has_no_roles(home: Home) -> None:
    with pytest.raises(StoreError, match="PostgreSQL"), home.store.write() as connection:
        roles.grant(connection, "a", "b")


def test_names_are_quoted(granted: Home) -> None:
    with pytest.raises(StoreError), granted.store.write() as connection:
        roles.grant(connection, 'x"; DROP TABLE entry; --', OPERATORS)
