"""Splitting and merging incidents: an operator's decision, an entry *regrouped*, and the index that follows it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, insert, select, update

from canaries.core.errors import NotFoundError, TraplineError
from canaries.core.store import entry, hit, incident, incident_key
from listener.incidents.operator_acts import resolve

if TYPE_CHECKING:
    from canaries.installation.home import Home

_AT_ONCE = 500


def split(home: Home, prefix: str, wanted: Sequence[str], reason: str) -> str:
    """Move hits (by id, or all of a canary, each by its unique beginning) into a new incident, whose id comes back.

    Raises NotFoundError; TraplineError where no reason is given or nothing would stay behind.
    """
    with home.store.write() as connection:
        old = resolve(connection, prefix)
        hits = sorted({found for name in wanted for found in _members(connection, old, name)})
        if len(hits) == _count(connection, old):
            raise TraplineError("these are all hits of the incident", hint="name those that are to leave it")
        new = secrets.token_hex(5)
        connection.execute(insert(incident).values(id=new, opened_at="", last_at="", hits=0, state="open"))
        _move(connection, home, "split", (old, new), hits, reason)
    return new


def merge(home: Home, prefix: str, other: str, reason: str) -> str:
    """Move all hits of ``other`` into the incident, whose id comes back; ``other`` is closed and empty.

    Raises NotFoundError; TraplineError where no reason is given or both are one.
    """
    with home.store.write() as connection:
        new, old = resolve(connection, prefix), resolve(connection, other)
        if new == old:
            raise TraplineError("an incident cannot be merged with itself", hint="name another with --merge")
        hits = connection.execute(
            select(hit.c.id).where(hit.c.incident_id == old).order_by(hit.c.id)
        ).scalars()
        _move(connection, home, "merge", (old, new), list(hits), reason)
        connection.execute(update(incident).where(incident.c.id == old).values(state="closed"))
        keys = update(incident_key).where(incident_key.c.incident_id == old)
        connection.execute(keys.values(incident_id=new))
    return new


def _members(connection: Connection, incident_id: str, name: str) -> Sequence[str]:
    """The hits of the incident that ``name`` means. Raises NotFoundError."""
    clean = name.strip().lower()
    if len(clean) < 4 or not set(clean) <= set("0123456789abcdef"):
        raise NotFoundError(
            f"{name!r} is the id of neither a hit nor a canary", hint="see: trapline incident ID"
        )
    own = select(hit.c.id).where(hit.c.incident_id == incident_id)
    found = connection.execute(own.where(hit.c.id.startswith(clean))).scalars().all()
    if len(found) > 1:
        raise NotFoundError(f"more than one hit begins with {clean}", hint="give more of its id")
    found = found or connection.execute(own.where(hit.c.canary_id.startswith(clean))).scalars().all()
    if not found:
        raise NotFoundError(
            f"the incident has no hit and no canary {clean}", hint="see: trapline incident ID"
        )
    return found


def _move(
    connection: Connection, home: Home, act: str, ends: tuple[str, str], hits: Sequence[str], reason: str
) -> None:
    if not reason.strip():
        raise TraplineError("say why: others will ask", hint="add: --reason TEXT")
    leaves: dict[str, str] = {}
    derived: dict[str, str] = {}
    for part in (hits[start : start + _AT_ONCE] for start in range(0, len(hits), _AT_ONCE)):
        rows = connection.execute(select(entry.c.id, entry.c.hash).where(entry.c.id.in_(part)))
        leaves.update((row.id, row.hash.hex()) for row in rows)
        facts = (
            select(hit.c.id, entry.c.hash)
            .join(entry, entry.c.id == hit.c.derived_id)
            .where(hit.c.id.in_(part))
        )
        derived.update((row.id, row.hash.hex()) for row in connection.execute(facts))
        connection.execute(update(hit).where(hit.c.id.in_(part)).values(incident_id=ends[1]))
    body = {
        "act": act,
        "incident": ends[0],
        "into": ends[1],
        "hits": list(hits),
        "leaves": [leaves[one] for one in hits],
        "derived": [derived[one] for one in hits if one in derived],
        "text": reason.strip(),
    }
    home.writer.put(connection, home.act("regrouped", body))
    for name in ends:
        _recount(connection, name)


def _count(connection: Connection, incident_id: str) -> int:
    query = select(func.count()).select_from(hit).where(hit.c.incident_id == incident_id)
    return int(connection.execute(query).scalar_one())


def _recount(connection: Connection, incident_id: str) -> None:
    """Number, first and last hit, as the hits now say; the times of an emptied incident stay."""
    count, at = func.count(), hit.c.observed_at
    query = select(count, func.min(at), func.max(at)).where(hit.c.incident_id == incident_id)
    number, first, last = connection.execute(query).one()
    times = {"opened_at": first, "last_at": last} if number else {}
    connection.execute(update(incident).where(incident.c.id == incident_id).values(hits=number, **times))
