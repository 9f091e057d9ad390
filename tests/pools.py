"""What SQLAlchemy's pools tell of themselves; only some sorts do, and the base class names none of it."""

from __future__ import annotations

from sqlalchemy import Pool, QueuePool


def idle(pool: Pool) -> int:
    """How many connections wait in the pool to be used again."""
    assert isinstance(pool, QueuePool)
    return pool.checkedin()
