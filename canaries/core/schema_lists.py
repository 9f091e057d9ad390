"""Indexes for lists that people read a page at a time, newest first; the tables are in `canaries.core.schema`."""

from __future__ import annotations

from sqlalchemy import Index, and_, literal_column

from canaries.core.schema import canary, entry, hit, incident

Index("canary_of_kind", canary.c.kind, canary.c.created_at, canary.c.id)

_RETIRED = canary.c.retired_at > literal_column("''")
_EXPIRES = canary.c.expires_at > literal_column("''")
RETIRED, EXPIRES = _RETIRED, _EXPIRES
"""A query that says so in these words is answered by the index of the few that are retired, or have an end."""
for _name, _few in (("canary_retired", _RETIRED), ("canary_expires", _EXPIRES)):
    Index(_name, canary.c.created_at, canary.c.id, sqlite_where=_few, postgresql_where=_few)

Index("hit_of_canary", hit.c.canary_id, hit.c.part, hit.c.id)
Index("hit_of_incident", hit.c.incident_id, hit.c.part, hit.c.id)
Index("hit_uses", hit.c.incident_id, hit.c.canary_id, hit.c.id)
Index("hit_of_source", hit.c.source_tag, hit.c.incident_id, hit.c.observed_at)
PART = hit.c.part > literal_column("''")
"""A query for what belongs to another hit that says so in these words is answered by the index of the few that do."""
Index("hit_follows", hit.c.follows, hit.c.part, hit.c.observed_at, sqlite_where=PART, postgresql_where=PART)
Index("incident_listed", incident.c.last_at, incident.c.id)
Index("incident_in_state", incident.c.state, incident.c.last_at, incident.c.id)

NOT_ACTS = (
    *("hit", "derived", "alerted", "alert-failed", "received", "stamped", "heartbeat", "started"),
    "looked-up",
)
"""Kinds of entry that the machine writes by itself, in whatever number visitors cause."""
ACTED = and_(*(entry.c.kind != literal_column(f"'{kind}'") for kind in NOT_ACTS))
"""What operators did: a query that says so is answered by the index of it, in the order of ids."""
Index("entry_acts", entry.c.id, sqlite_where=ACTED, postgresql_where=ACTED)
