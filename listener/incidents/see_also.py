"""Weak links: other incidents that share something with this one, which joins nothing.

A shared address is no proof of a shared hand; it is a reason to look. These are read from the index when somebody asks:
they are no evidence, and no entry names them.
"""

from __future__ import annotations

from sqlalchemy import Connection, distinct, func, select

from canaries.core.store import hit
from listener.incidents.model import WeakLink
from listener.incidents.source_hash import is_crowd

_AT_MOST = 20
_LOOKED = 1_000
"""Sources and canaries of an incident that are looked for elsewhere, each."""


def see_also(connection: Connection, incident_id: str) -> tuple[WeakLink, ...]:
    """Incidents with a source or a canary of this one, at most twenty for each reason, newest first."""
    found = []
    for column, words in ((hit.c.source_tag, _sources), (hit.c.canary_id, _canaries)):
        own = select(column).distinct().where(hit.c.incident_id == incident_id).limit(_LOOKED)
        known = [one for one in connection.execute(own).scalars() if not _says_nothing(one)]
        # by what is shared, never by each of its hits: two incidents of 50,000 hits have 2,500,000,000 pairs
        shared = (
            select(hit.c.incident_id, func.count(distinct(column)).label("number"))
            .where(column.in_(known), hit.c.incident_id != incident_id)
            .group_by(hit.c.incident_id)
            .order_by(func.max(hit.c.observed_at).desc(), hit.c.incident_id)
            .limit(_AT_MOST)
        )
        found += [WeakLink(row.incident_id, words(row.number)) for row in connection.execute(shared)]
    return tuple(found)


def _says_nothing(value: bytes | str) -> bool:
    """A source tag that many visitors share."""
    return isinstance(value, bytes) and is_crowd(value)


def _sources(count: int) -> str:
    if count == 1:
        return "a source address of this incident is also in that one; several people may use one address"
    return f"{count} source addresses of this incident are also in that one"


def _canaries(count: int) -> str:
    if count == 1:
        return "a canary of this incident was also used in that one"
    return f"{count} canaries of this incident were also used in that one"
