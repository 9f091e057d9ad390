"""Looking again at what was not recognised: when bait was minted meanwhile, or anew with today's decoders."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from canaries.core import store
from listener.evidence.sighting import Sighting
from listener.ingest.unrecognised import PREFIX, Kept, UnrecognisedStore

if TYPE_CHECKING:
    from canaries.installation.home import Home

EVERY_SECONDS = 30.0
_META = "rescanned_epoch"
_BATCH = 200


class LateTaker(Protocol):
    """What intake does with sightings of earlier days."""

    def ingest_late(self, sightings: Sequence[Sighting]) -> int:
        """Returns how many hits they held."""


@dataclass(frozen=True, slots=True)
class Rescanned:
    """What came of looking again."""

    looked_at: int
    """Sightings."""
    hits: int


def rescan(home: Home, intake: LateTaker) -> Rescanned:
    """Decode everything that is kept anew. Raises StoreError."""
    looked_at = hits = 0
    for kept in UnrecognisedStore(home).read():
        for start in range(0, len(kept), _BATCH):
            some = [one.sighting for one in kept[start : start + _BATCH]]
            looked_at += len(some)
            hits += intake.ingest_late(some)
    return Rescanned(looked_at, hits)


class MintWatch:
    """Compares what is kept with tokens that were minted since the last time."""

    def __init__(self, home: Home, intake: LateTaker) -> None:
        self._home, self._intake = home, intake
        self._before = -1
        """The epoch of the look before the last: what was minted while intake kept a batch is compared once more."""

    def run(self, stop: threading.Event) -> None:
        """Until ``stop``. Raises StoreError."""
        while True:
            self.look()
            if stop.wait(EVERY_SECONDS):
                return

    def look(self) -> int:
        """Returns how many hits there were. Raises StoreError."""
        with self._home.store.read() as connection:
            names = {"epoch", _META}
            meta = store.meta
            found = {
                row.name: int(row.value)
                for row in connection.execute(select(meta).where(meta.c.name.in_(names)))
            }
            epoch, last = found.get("epoch", 0), found.get(_META, 0)
            if self._before < 0:
                self._before = last
            if epoch == self._before:
                return 0
            before, self._before = self._before, last
            fresh = {
                tag[:PREFIX]
                for tag in connection.execute(
                    select(store.token.c.tag).where(store.token.c.epoch > before)
                ).scalars()
            }
        hits = sum(
            self._intake.ingest_late(some) for some in _holding(UnrecognisedStore(self._home).read(), fresh)
        )
        with self._home.store.write() as connection:
            store.upsert(connection, store.meta, {"name": _META, "value": str(epoch)}, {"value": str(epoch)})
        return hits


def _holding(kept: Iterator[list[Kept]], fresh: set[bytes]) -> Iterator[list[Sighting]]:
    for some in kept:
        holding = [
            one.sighting
            for one in some
            if not fresh.isdisjoint(one.tags[at : at + PREFIX] for at in range(0, len(one.tags), PREFIX))
        ]
        if holding:
            yield holding
