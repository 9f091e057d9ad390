"""Look-ups of a name that belong to a use: A and AAAA of the same label, and those a client makes on its way to a trap.

The first sign of a canary stands on its own, also where it is a look-up. Every look-up within seconds of another hit of
the same canary follows that hit: it is recorded, counted and not told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from canaries.core import store
from canaries.core.clock import from_micros, parse_rfc3339, rfc3339, to_micros
from listener.ingest.conversations import RecognisedSighting

if TYPE_CHECKING:
    from canaries.core.store import Store

TOGETHER_US = 10_000_000
"""How far a look-up and the hit it belongs to may lie apart."""
TRAP = "dns"

_Anchor = tuple[int, bool, str]
"""(time, whether it is a look-up itself, hit)."""


def fold(database: Store, found: Sequence[RecognisedSighting]) -> list[RecognisedSighting]:
    """The same, with those look-ups marked that follow another hit. Raises StoreError."""
    lookups = [one for one in found if _is_lookup(one)]
    if not lookups:
        return list(found)
    anchors = _earlier(database, lookups)
    for one in found:
        if not _is_lookup(one) and not one.part:
            anchors.setdefault(one.match.owner.canary_id, []).append(
                (one.sighting.observed_at, False, one.hit_id)
            )
    return [_placed(one, anchors) if _is_lookup(one) else one for one in found]


def _is_lookup(one: RecognisedSighting) -> bool:
    return one.sighting.trap == TRAP and not one.follows


def _placed(one: RecognisedSighting, anchors: dict[str, list[_Anchor]]) -> RecognisedSighting:
    at, known = one.sighting.observed_at, anchors.setdefault(one.match.owner.canary_id, [])
    near = [anchor for anchor in known if abs(anchor[0] - at) <= TOGETHER_US]
    if not near:
        known.append((at, True, one.hit_id))
        return one
    _, _, hit_id = min(near, key=lambda anchor: (anchor[1], abs(anchor[0] - at)))
    return msgspec.structs.replace(one, follows=hit_id, part="lookup")


def _earlier(database: Store, lookups: Sequence[RecognisedSighting]) -> dict[str, list[_Anchor]]:
    """Hits of the same canaries about that time that are in the database."""
    times = [one.sighting.observed_at for one in lookups]
    first, last = min(times) - TOGETHER_US, max(times) + TOGETHER_US
    table, canaries = store.hit, sorted({one.match.owner.canary_id for one in lookups})
    anchors: dict[str, list[_Anchor]] = {}
    with database.read() as connection:
        for start in range(0, len(canaries), 500):
            query = select(table.c.canary_id, table.c.observed_at, table.c.trap, table.c.id).where(
                table.c.canary_id.in_(canaries[start : start + 500]),
                table.c.part == "",
                table.c.observed_at.between(rfc3339(from_micros(first)), rfc3339(from_micros(last))),
            )
            for row in connection.execute(query):
                at = to_micros(parse_rfc3339(row.observed_at))
                anchors.setdefault(row.canary_id, []).append((at, row.trap == TRAP, row.id))
    return anchors
