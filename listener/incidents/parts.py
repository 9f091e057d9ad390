"""What belongs to a hit: things done on its connection that show no token, and look-ups of its name beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from canaries.core import store
from listener.evidence import acts
from listener.incidents import queries
from listener.incidents.model import Hit

if TYPE_CHECKING:
    from canaries.installation.home import Home

_CHUNK = 100
_READ = 50
"""Acts of one hit that are read; the others are counted."""


@dataclass(frozen=True, slots=True)
class HitParts:
    """What belongs to one hit."""

    acts: tuple[Hit, ...] = ()
    """The first ones, in the order in which they came."""
    more_acts: int = 0
    lookups: int = 0

    @property
    def then(self) -> str:
        """What was done, in one line. Hostile."""
        return acts.summary([act.did for act in self.acts], self.more_acts)

    def as_dict(self) -> dict[str, Any]:
        """What ``trapline hits --json`` adds to a hit."""
        done = [
            {
                "id": act.id,
                "observed_at": act.observed_at,
                "trap": act.trap,
                "did": act.did,
                "answer": act.answer,
            }
            for act in self.acts
        ]
        return {"acts": done, "more_acts": self.more_acts, "lookups": self.lookups}


def with_parts(home: Home, hits: Iterable[Hit]) -> Iterator[tuple[Hit, HitParts]]:
    """Each hit with what belongs to it. Raises LedgerError where a record was changed."""
    left = iter(hits)
    while chunk := list(islice(left, _CHUNK)):
        found = _parts(home, [hit.id for hit in chunk])
        yield from ((hit, found.get(hit.id, HitParts())) for hit in chunk)


def each_with_parts(home: Home, hits: Iterable[Hit]) -> Iterator[tuple[Hit, HitParts]]:
    """The same without waiting for a next hit: for those that come one at a time."""
    for hit in hits:
        yield hit, _parts(home, [hit.id]).get(hit.id, HitParts())


def _parts(home: Home, ids: Sequence[str]) -> dict[str, HitParts]:
    table = store.hit
    mine = table.c.follows.in_(ids) & (table.c.part != "")
    with home.store.read() as connection:
        query = select(table.c.follows, table.c.part, func.count().label("number"))
        counts = connection.execute(query.where(mine).group_by(table.c.follows, table.c.part)).all()
    found: dict[str, HitParts] = {}
    for row in counts:
        before = found.get(row.follows, HitParts())
        if row.part == "lookup":
            found[row.follows] = HitParts(before.acts, before.more_acts, row.number)
        else:
            done = tuple(queries.acts_of(home, row.follows, _READ))
            found[row.follows] = HitParts(done, row.number - len(done), before.lookups)
    return found
