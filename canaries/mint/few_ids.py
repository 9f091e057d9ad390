"""The canaries that have a hit, or a placement, where they are few: found by their index, not among all canaries."""

from __future__ import annotations

from sqlalchemy import Column, Connection, func, select

MOST = 5_000
"""Ids that are read; where there are more, one of them is soon met among all canaries."""


def ids_in(connection: Connection, column: Column[str]) -> list[str] | None:
    """The different ids in an indexed ``column``, each by one step in its index; None where they are too many."""
    least = func.min(column)
    first = select(least.label("id")).cte("ids", recursive=True)
    following = select(least).where(column > first.c.id).scalar_subquery()
    step = first.union_all(select(following).where(first.c.id.is_not(None)))
    found = (
        connection.execute(select(step.c.id).where(step.c.id.is_not(None)).limit(MOST + 1)).scalars().all()
    )
    return None if len(found) > MOST else [str(one) for one in found]
