"""The read side: hits with their facts, and incidents with what was written about them. Needs the vault's key.

Hits are read a chunk at a time, each chunk in a transaction of its own, so that neither a long listing nor a slow
reader holds anything up. Their ids are UUIDv7 (RFC 9562) and sort by the time they were taken in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Row, Select, func, select

from canaries.core import schema_lists, store
from canaries.core.errors import NotFoundError
from listener.incidents import operator_acts as actions
from listener.incidents.model import Assessment, Hit, Incident, OperatorNote, Rating
from listener.incidents.see_also import see_also

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from canaries.ledger.entries import Entry

__all__ = [
    "Assessment",
    "Hit",
    "Incident",
    "OperatorNote",
    "follow",
    "hits",
    "incident",
    "incidents",
    "newest",
    "one",
    "raw",
]

T = TypeVar("T")

_CHUNK = 500
_OVERLAP_MS = 10_000
"""How late a hit may become visible after a younger one, where several processes take hits in at once."""


def hits(
    home: Home,
    *,
    canary: str | None = None,
    incident: str | None = None,
    after_id: str = "",
    limit: int | None = None,
    parts: bool = False,
) -> Iterator[Hit]:
    """Hits, oldest first; only those of a canary or an incident (full ids), only those after ``after_id``.

    ``parts``: also what belongs to another hit (`listener.incidents.parts`).

    Erased ones are left out. Raises LedgerError where a record was changed.
    """
    table = store.hit
    query = _of(select(table).order_by(table.c.id), canary, incident, parts=parts)
    left = limit
    while left is None or left > 0:
        chunk = _CHUNK if left is None else min(_CHUNK, left)
        found = _read(home, query.where(table.c.id > after_id).limit(chunk))
        for row, hit in found:
            after_id = row
            if hit is not None:
                left = None if left is None else left - 1
                yield hit
        if len(found) < chunk:
            return


def newest(
    home: Home,
    count: int,
    *,
    canary: str | None = None,
    incident: str | None = None,
    parts: bool = False,
) -> Iterator[Hit]:
    """The last ``count`` hits, oldest of them first; ``parts`` as in `hits`."""
    column = store.hit.c.id
    query = _of(select(column).order_by(column.desc()).offset(count).limit(1), canary, incident, parts=parts)
    with home.store.read() as connection:
        before = connection.execute(query).scalar()
    return hits(home, canary=canary, incident=incident, after_id=before or "", parts=parts)


def follow(
    home: Home,
    wait: Callable[[], bool],
    *,
    canary: str | None = None,
    incident: str | None = None,
    after_id: str = "",
    parts: bool = False,
) -> Iterator[Hit]:
    """Hits as they come, until ``wait``, called whenever there are no more, answers True.

    Two processes that take hits in may commit in the other order than that of their ids: the last ten seconds before
    the newest hit are looked through again each time, and what was shown already is skipped.
    """
    last, shown = after_id, {after_id}
    while True:
        for hit in hits(home, canary=canary, incident=incident, after_id=last, parts=parts):
            last = hit.id
            shown.add(hit.id)
            yield hit
        start = max(after_id, _earlier(last))
        shown = {seen for seen in shown if seen > start}
        late = _missed(home, _of(select(store.hit.c.id), canary, incident, parts=parts), start, last, shown)
        for hit in late:
            shown.add(hit.id)
            yield hit
        if wait():
            return


def _missed(home: Home, query: Select[Any], start: str, last: str, shown: set[str]) -> Iterator[Hit]:
    """Hits between two ids that were not shown."""
    column = store.hit.c.id
    with home.store.read() as connection:
        ids = connection.execute(query.where(column > start, column < last)).scalars().all()
    missed = sorted(set(ids) - shown)
    for at in range(0, len(missed), _CHUNK):
        part = select(store.hit).where(column.in_(missed[at : at + _CHUNK])).order_by(column)
        yield from (hit for _, hit in _read(home, part) if hit is not None)


def one(home: Home, hit_id: str) -> Hit:
    """The hit of this id. Raises NotFoundError."""
    for _, hit in _read(home, select(store.hit).where(store.hit.c.id == hit_id)):
        if hit is not None:
            return hit
    raise NotFoundError(f"there is no hit {hit_id}", hint="run: trapline hits")


def raw(home: Home, hit_id: str) -> bytes | None:
    """The bytes exactly as they came, or None where they were erased. Raises LedgerError."""
    with home.store.read() as connection:
        sealed = connection.execute(select(store.raw.c.sealed).where(store.raw.c.entry_id == hit_id)).scalar()
    return None if sealed is None else home.reader.open(sealed, hit_id)


def incidents(home: Home, among: Collection[str] | None = None) -> list[Incident]:
    """All incidents, oldest first; only ``among`` these ids where given."""
    return _incidents(home, among)


def incident(home: Home, prefix: str) -> Incident:
    """The incident whose id begins with ``prefix``. Raises NotFoundError."""
    with home.store.read() as connection:
        found = actions.resolve(connection, prefix)
        weak = see_also(connection, found)
    return replace(_incidents(home, [found])[0], see_also=weak)


def _incidents(home: Home, only: Collection[str] | None) -> list[Incident]:
    table, pairs = store.incident, _pairs()
    query = select(table).order_by(table.c.opened_at, table.c.id)
    if only is not None:
        query, pairs = query.where(table.c.id.in_(only)), pairs.where(store.hit.c.incident_id.in_(only))
    with home.store.read() as connection:
        rows = connection.execute(query).all()
        used = _gathered((row.incident_id, row.canary_id) for row in connection.execute(pairs))
        entries = [
            entry
            for kind in ("noted", "assessed", "rated")
            for entry in home.reader.entries(connection, kind)
        ]
    written = _gathered((entry.body.get("incident", ""), entry) for entry in entries)
    return [
        Incident(
            row.id,
            row.opened_at,
            row.last_at,
            row.hits,
            row.state,
            canaries=tuple(used.get(row.id, ())),
            notes=tuple(_note(entry) for entry in written.get(row.id, ()) if entry.kind == "noted"),
            assessments=tuple(
                _assessment(entry) for entry in written.get(row.id, ()) if entry.kind == "assessed"
            ),
            ratings=tuple(_rating(entry) for entry in written.get(row.id, ()) if entry.kind == "rated"),
        )
        for row in rows
    ]


def acts_of(home: Home, hit_id: str, limit: int) -> list[Hit]:
    """The first things done on the connection of a hit that show no token themselves, as they came."""
    table = store.hit
    query = select(table).where(table.c.follows == hit_id, table.c.part == "act", schema_lists.PART)
    found = _read(home, query.order_by(table.c.observed_at, table.c.id).limit(limit))
    acts = [hit for _, hit in found if hit is not None]
    return sorted(acts, key=lambda hit: hit.entry.body.get("number", 0))


def _of(query: Select[Any], canary: str | None, incident: str | None, *, parts: bool = False) -> Select[Any]:
    table = store.hit
    if not parts:
        query = query.where(table.c.part == "")
    if canary is not None:
        query = query.where(table.c.canary_id == canary)
    return query if incident is None else query.where(table.c.incident_id == incident)


def _earlier(hit_id: str) -> str:
    """The smallest UUIDv7 of `_OVERLAP_MS` before this one: its first 48 bits are milliseconds (RFC 9562, 5.7)."""
    if not hit_id:
        return ""
    return f"{max(0, int(hit_id[:12], 16) - _OVERLAP_MS):012x}" + "0" * 20


def _read(home: Home, query: Select[Any]) -> list[tuple[str, Hit | None]]:
    """(id, hit) of each row; None for an erased one."""
    with home.store.read() as connection:
        rows = connection.execute(query).all()
        ids = [name for row in rows for name in (row.id, row.derived_id)]
        entries = home.reader.fetch(connection, ids)
    return [(row.id, _hit(row, entries)) for row in rows]


def _hit(row: Row[Any], entries: dict[str, Entry]) -> Hit | None:
    entry = entries.get(row.id)
    if entry is None:
        return None
    derived, source = entries.get(row.derived_id), entry.body["source"]
    return Hit(
        id=row.id,
        canary=entry.body["canary"],
        kind=entry.body["kind"],
        facet=entry.body["facet"],
        trap=entry.body["trap"],
        observed_at=entry.body["observed_at"],
        ip=source["ip"],
        port=source["port"],
        facts=derived.body["facts"] if derived else {},
        incident=row.incident_id,
        entry=entry,
        derived=derived,
    )


def _pairs() -> Select[Any]:
    table = store.hit
    return (
        select(table.c.incident_id, table.c.canary_id, func.min(table.c.id).label("first"))
        .group_by(table.c.incident_id, table.c.canary_id)
        .order_by("first")
    )


def _gathered(pairs: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def _note(entry: Entry) -> OperatorNote:
    said = (str(entry.body.get(name, "")) for name in ("text", "state", "outcome", "assigned"))
    return OperatorNote(entry.id, entry.at, entry.by, *said)


def _rating(entry: Entry) -> Rating:
    body = entry.body
    said = (body["hypothesis"], body["likelihood"], body["band"], body["because"])
    return Rating(entry.id, entry.at, entry.by, *said)


def _assessment(entry: Entry) -> Assessment:
    body = entry.body
    return Assessment(
        entry.id,
        entry.at,
        entry.by,
        statement=body["statement"],
        likelihood=body["likelihood"],
        band=body["band"],
        confidence=body["confidence"],
        because=body["because"],
        alternatives=tuple(body["alternatives"]),
        assumptions=tuple(body["assumptions"]),
        evidence=tuple(body["evidence"]),
        would_change=body["would_change"],
    )
