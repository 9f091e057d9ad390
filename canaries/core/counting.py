"""How many rows there are, as far as a page needs to know: PostgreSQL and SQLite look at every one that they count."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, func, select

MANY = 100_000
"""Rows that are counted; beyond that there are more."""


def up_to(connection: Connection, query: Select[Any], most: int = MANY) -> int:
    """How many rows ``query`` gives, ``most`` and one at most."""
    some = query.limit(most + 1).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def words(count: int, most: int = MANY) -> str:
    """``12,345``, or ``more than 100,000``."""
    return f"{count:,}" if count <= most else f"more than {most:,}"
