"""Incidents a page at a time, the one with the latest hit first, by keyset: a look reads no more than it shows."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select, tuple_

from canaries.core import store
from canaries.core.errors import TraplineError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from canaries.installation.home import Home

PAGE = 50
_LOOKED = 200
"""Hits of one incident that are looked through for the canaries that it used."""
_CURSOR = re.compile(r"(\d{4}-[0-9T:.-]{5,22}Z),([0-9a-f]{1,16})")


@dataclass(frozen=True, slots=True)
class ListedIncident:
    """One line of the list."""

    id: str
    opened_at: str
    last_at: str
    hits: int
    state: str
    """``open`` or ``closed``."""
    quiet_until: str
    """Acknowledged or snoozed until then, RFC 3339; ``9999``: for good; empty: not."""
    canaries: tuple[str, ...]
    """Ids of those of its newest hits."""


def page(
    home: Home, *, state: str = "", after: str = "", size: int = PAGE
) -> tuple[list[ListedIncident], str]:
    """Up to ``size`` incidents from behind ``after``, and the position behind them; empty where there are no more."""
    table, notice = store.incident, store.notice
    query = select(table, notice.c.held_until).outerjoin(notice, notice.c.incident_id == table.c.id)
    if state:
        query = query.where(table.c.state == state)
    if after:
        parsed = _CURSOR.fullmatch(after)
        if parsed is None:
            raise TraplineError("this is no place in the list", hint="begin at its first page")
        query = query.where(tuple_(table.c.last_at, table.c.id) < tuple_(*parsed.groups()))
    query = query.order_by(table.c.last_at.desc(), table.c.id.desc()).limit(size + 1)
    with home.store.read() as connection:
        rows = connection.execute(query).all()
        found = [_listed(connection, row) for row in rows[:size]]
    more = len(rows) > size
    return found, f"{found[-1].last_at},{found[-1].id}" if more else ""


def ids(
    home: Home,
    *,
    state: str = "",
    canaries: Collection[str] | None = None,
    after: tuple[str, str] | None = None,
    size: int = PAGE,
) -> list[tuple[str, str]]:
    """(time of the latest hit, id) of up to ``size`` incidents, the latest first, that are behind ``after``.

    ``canaries``: only incidents in which one of these was used.
    """
    table, hit = store.incident, store.hit
    query = select(table.c.last_at, table.c.id)
    if state:
        query = query.where(table.c.state == state)
    if canaries is not None:
        query = query.where(
            table.c.id.in_(select(hit.c.incident_id).where(hit.c.canary_id.in_(canaries)).distinct())
        )
    if after:
        query = query.where(tuple_(table.c.last_at, table.c.id) < tuple_(*after))
    query = query.order_by(table.c.last_at.desc(), table.c.id.desc()).limit(size)
    with home.store.read() as connection:
        return [(row.last_at, row.id) for row in connection.execute(query)]


def quiet_until(home: Home, incident_id: str) -> str:
    """Until when only something weightier is told of it; empty: it is told as usual."""
    column = store.notice.c.held_until
    with home.store.read() as connection:
        return str(connection.scalar(select(column).where(store.notice.c.incident_id == incident_id)) or "")


def _listed(connection: Connection, row: Row[Any]) -> ListedIncident:
    hit = store.hit
    newest = (
        select(hit.c.canary_id)
        .where(hit.c.incident_id == row.id, hit.c.part == "")
        .order_by(hit.c.id.desc())
        .limit(_LOOKED)
    )
    used = tuple(dict.fromkeys(connection.execute(newest).scalars()))
    return ListedIncident(row.id, row.opened_at, row.last_at, row.hits, row.state, row.held_until or "", used)
