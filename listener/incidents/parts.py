"""What belongs to a hit: things done on its connection that show no token, and look-ups of its name beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from canaries.core import schema_lists, store
from listener.evidence import acts
from listener.incidents import queries
from listener.incidents.model import Hit
from listener.incidents.proofs import Proof, ProofChecks

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
    proof: Proof | None = None
    """What it proves of the secret; None where none was asked for."""

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
        proof = {"proof": self.proof.as_dict()} if self.proof else {}
        return {"acts": done, "more_acts": self.more_acts, "lookups": self.lookups, **proof}


def with_parts(home: Home, hits: Iterable[Hit]) -> Iterator[tuple[Hit, HitParts]]:
    """Each hit with what belongs to it. Raises LedgerError where a record was changed."""
    left, proofs = iter(hits), ProofChecks(home)
    while chunk := list(islice(left, _CHUNK)):
        found = _parts(home, [hit.id for hit in chunk])
        yield from ((hit, replace(found.get(hit.id, HitParts()), proof=proofs.of(hit))) for hit in chunk)


def each_with_parts(home: Home, hits: Iterable[Hit]) -> Iterator[tuple[Hit, HitParts]]:
    """The same without waiting for a next hit: for those that come one at a time."""
    for hit in hits:
        yield from with_parts(home, [hit])


def _parts(home: Home, ids: Sequence[str]) -> dict[str, HitParts]:
    table = store.hit
    mine = table.c.follows.in_(ids) & schema_lists.PART
    with home.store.read() as connection:
        query = select(table.c.follows, table.c.part, func.count().label("number"))
        counts = connection.execute(query.where(mine).group_by(table.c.follows, table.c.part)).all()
    found: dict[str, HitParts] = {}
    for row in counts:
        before = found.get(row.follows, HitParts())
        if row.part == "lookup":
            found[row.follows] = replace(before, lookups=row.number)
        else:
            done = tuple(queries.acts_of(home, row.follows, _READ))
            found[row.follows] = replace(before, acts=done, more_acts=row.number - len(done))
    return found
