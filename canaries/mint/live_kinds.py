"""Of which kinds there is bait that was not retired: one row of ``meta``, kept by minting and retiring.

It names kinds, never canaries. A database of an earlier version has no such row: then the canaries are looked through,
once.
"""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from canaries.core import store

if TYPE_CHECKING:
    from sqlalchemy import Connection

NAME = "live_kinds"


def live_kinds(connection: Connection) -> frozenset[str] | None:
    """What the row says; None where there is none."""
    meta = store.meta
    found = connection.execute(select(meta.c.value).where(meta.c.name == NAME)).scalar_one_or_none()
    return None if found is None else frozenset(msgspec.json.decode(found, type=list[str]))


def counted(connection: Connection) -> frozenset[str]:
    """What the row says; where there is none, the canaries are looked through."""
    known = live_kinds(connection)
    return _counted(connection) if known is None else known


def note(connection: Connection, kinds: Set[str]) -> frozenset[str]:
    """There is bait of ``kinds``; all live kinds. Within a transaction that writes."""
    before = _held(connection)
    known = _counted(connection) if before is None else before
    if before is None or not kinds <= known:
        _put(connection, known | kinds)
    return known | kinds


def retired(connection: Connection, kind: str) -> None:
    """A canary of ``kind`` was retired, in this transaction: perhaps the last one."""
    before = _held(connection)
    table = store.canary
    left = select(table.c.id).where(table.c.kind == kind, table.c.retired_at == "").limit(1)
    if before is not None and kind in before and connection.execute(left).first() is None:
        _put(connection, before - {kind})


def _held(connection: Connection) -> frozenset[str] | None:
    """The row, for this transaction alone (PostgreSQL; SQLite has one writer at a time)."""
    meta = store.meta
    connection.execute(select(meta.c.value).where(meta.c.name == NAME).with_for_update())
    return live_kinds(connection)


def _counted(connection: Connection) -> frozenset[str]:
    table = store.canary
    query = select(table.c.kind).where(table.c.retired_at == "").distinct()
    return frozenset(connection.execute(query).scalars())


def _put(connection: Connection, kinds: Set[str]) -> None:
    value = msgspec.json.encode(sorted(kinds)).decode()
    store.upsert(connection, store.meta, {"name": NAME, "value": value}, {"value": value})
