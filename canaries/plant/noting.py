"""Noting where bait was put by hand, or by a machine that has no home: on record like any placement, but not looked at.

Nothing here can reach such a place: `canaries.plant.placements.check` passes it over, and `trapline unplant` writes
down that it is gone, which somebody has to have done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from canaries.core import store
from canaries.core.errors import PlantError
from canaries.crypto.labels import open_place
from canaries.crypto.sealed_box import Locker
from canaries.mint import catalogue
from canaries.plant.planters import Done, Item, Plan, Removal, State
from canaries.plant.planting import PlacementDetails, Placing, refuse_retired

if TYPE_CHECKING:
    from canaries.installation.home import Home

NOTED = "noted"
"""In the place of a planter's name."""
LONGEST = 1_000
"""Characters of a place."""


def note(home: Home, canary_id: str, where: str) -> str:
    """Put on record that the bait of a canary is there, in words; the placement's id.

    Of a place that is on record for it already, the id that it has. Raises NotFoundError, PlantError, StoreError.
    """
    canary, words = catalogue.find(home, canary_id), where.strip()
    if not words or len(words) > LONGEST:
        raise PlantError(
            f"a place is named by 1 to {LONGEST} characters", hint="such as: build server, ~/.aws/credentials"
        )
    refuse_retired(home, canary)
    if known := _known(home, canary.id, words):
        return known
    items = (Item(words, NOTED, ""),)
    plan = Plan(words, (), items, lambda: Done(items, lambda: None))
    placing = Placing(home, canary.id)
    placing.carry_out(plan, PlacementDetails(NOTED, words, home.operator, items))
    return placing.id


def removal(items: tuple[Item, ...]) -> Removal:
    """That a noted place has no bait any more: nothing but words."""
    where = tuple(item.where for item in items)
    steps = tuple(f"write down that it is gone from {one}; nothing here can reach that" for one in where)
    return Removal(steps, lambda: None, lambda: None, where)


def _known(home: Home, canary_id: str, words: str) -> str:
    table, locker = store.placement, Locker(home.keys.alerts)
    query = select(table.c.id, table.c.label).where(
        table.c.canary_id == canary_id, table.c.state == State.THERE.value
    )
    with home.store.read() as connection:
        rows = connection.execute(query.order_by(table.c.planted_at)).all()
    return next((row.id for row in rows if open_place(locker, row.id, row.label) == words), "")
