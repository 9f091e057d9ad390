"""How much of a table was read: of the canaries that lie in it, how many an incident has seen used.

One of twenty is somebody who looked a record up; twenty of twenty is a copy of the table. Places are known from the
words that alerts may say of a placement, so that this needs no vault; only tables count, because what lies in a file
is read whole or not at all.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, select

from canaries.core import store
from canaries.crypto.labels import open_place
from canaries.crypto.sealed_box import Locker

_NOT_THERE = ("planned", "removed", "gone")
_MOST = 3
"""Tables that are told of one incident."""


@dataclass(frozen=True, slots=True)
class TableReach:
    """One table."""

    place: str
    """Its URL, without passwords."""
    used: int
    """Canaries in it that the incident has seen used."""
    planted: int
    """Canaries in it."""

    @property
    def sentence(self) -> str:
        """``3 of the 20 canaries in TABLE``."""
        if self.used == self.planted:
            return f"all {self.planted} canaries in {self.place}"
        return f"{self.used} of the {self.planted} canaries in {self.place}"

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return asdict(self)


def reaches(connection: Connection, locker: Locker, incident: str) -> list[TableReach]:
    """The tables that hold two or more canaries, one of which this incident has seen used; the widest read first."""
    table = store.placement
    seen = select(store.hit.c.canary_id).where(store.hit.c.incident_id == incident)
    ours = _places(connection, locker, table.c.canary_id.in_(seen))
    if not ours:
        return []
    everywhere = _places(connection, locker, table.c.label.is_not(None))
    found = []
    for place in ours:
        there = everywhere.get(place, set())
        if len(there) > 1:
            found.append(TableReach(place, len(there & ours[place]), len(there)))
    return sorted(found, key=lambda one: (-one.used, one.place))[:_MOST]


def told(found: list[TableReach]) -> str:
    """In one line; empty where there are none."""
    return "; ".join(one.sentence for one in found)


def _places(connection: Connection, locker: Locker, which: Any) -> dict[str, set[str]]:
    """Table to its canaries."""
    table = store.placement
    query = select(table.c.id, table.c.canary_id, table.c.label).where(
        which, table.c.state.not_in(_NOT_THERE)
    )
    found: dict[str, set[str]] = {}
    for row in connection.execute(query):
        place = open_place(locker, row.id, row.label)
        if "://" in place and "table=" in place:
            found.setdefault(place, set()).add(row.canary_id)
    return found
