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


def see_also(connection: Connection, incident_id: str) -> tuple[WeakLink, ...]:
    """Incidents with a source or a canary of this one, at most twenty for each reason, newest first."""
    own, other = hit.alias("own"), hit.alias("other")
    shared = (
        select(other.c.incident_id, func.max(other.c.observed_at).label("last"))
        .select_from(own)
        .where(own.c.incident_id == incident_id, other.c.incident_id != incident_id)
        .group_by(other.c.incident_id)
        .order_by(func.max(other.c.observed_at).desc(), other.c.incident_id)
        .limit(_AT_MOST)
    )
    tags = connection.execute(
        select(hit.c.source_tag).distinct().where(hit.c.incident_id == incident_id).limit(1_000)
    ).scalars()
    known = [tag for tag in tags if not is_crowd(tag)]
    by_source = connection.execute(
        shared.add_columns(func.count(distinct(other.c.source_tag)).label("number")).where(
            own.c.source_tag == other.c.source_tag, own.c.source_tag.in_(known)
        )
    )
    found = [WeakLink(row.incident_id, _sources(row.number)) for row in by_source]
    by_canary = connection.execute(
        shared.add_columns(func.count(distinct(other.c.canary_id)).label("number")).where(
            own.c.canary_id == other.c.canary_id
        )
    )
    found += [WeakLink(row.incident_id, _canaries(row.number)) for row in by_canary]
    return tuple(found)


def _sources(count: int) -> str:
    if count == 1:
        return "a source address of this incident is also in that one; several people may use one address"
    return f"{count} source addresses of this incident are also in that one"


def _canaries(count: int) -> str:
    if count == 1:
        return "a canary of this incident was also used in that one"
    return f"{count} canaries of this incident were also used in that one"
