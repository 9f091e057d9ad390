"""Taking planted bait back: a planter says how, the ledger says that it was done, and what remains all the same.

Of several placements all are looked at first: where one cannot be taken back, nothing is. Each is then taken back and
written down in that order; where the writing fails, the bait is put there again, so that the ledger never says less
than what happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import update

from canaries.core import store
from canaries.core.errors import NotFoundError, PlantError
from canaries.mint import catalogue
from canaries.plant import noting, placements
from canaries.plant.placements import Placement
from canaries.plant.planters import Removal, State, planter

if TYPE_CHECKING:
    from canaries.installation.home import Home


@dataclass(frozen=True, slots=True)
class TakenBack:
    """One placement that was taken back; of a dry run, that would be."""

    placement: Placement
    steps: tuple[str, ...]
    remains: tuple[str, ...]
    """Where the bait stays all the same."""


def unplant(home: Home, name: str, *, reason: str = "", dry_run: bool = False) -> list[TakenBack]:
    """Take back the placement ``name``, or every placement of the canary ``name``.

    Raises NotFoundError, PlantError (then nothing was taken back, or the sentence says what was), StoreError.
    """
    found = _named(home, name)
    ways = [(one, _way(home, one)) for one in found]
    done: list[TakenBack] = []
    for placement, removal in ways:
        if not dry_run:
            try:
                _carry_out(home, placement, removal, reason)
            except PlantError as error:
                before = f"; {len(done)} of {len(ways)} were taken back before" if done else ""
                raise PlantError(f"{error.sentence}{before}", hint=error.hint) from error
        done.append(TakenBack(placement, removal.steps, removal.remains))
    return done


def _named(home: Home, name: str) -> list[Placement]:
    every = list(placements.listing(home))
    chosen = [one for one in every if one.id == name]
    if not chosen:
        chosen = [one for one in every if one.canary == catalogue.find(home, name).id]
    there = [one for one in chosen if one.state not in (State.REMOVED, State.PLANNED)]
    if not there:
        hint = "see: trapline placements"
        raise NotFoundError(f"no bait of {name} is in a place from which it could be taken back", hint=hint)
    return there


def _way(home: Home, placement: Placement) -> Removal:
    canary = catalogue.find(home, placement.canary)
    if placement.planter == noting.NOTED:
        return noting.removal(placement.items)
    return planter(placement.planter).take_back(placement.items, canary, placement.planted_at)


def _carry_out(home: Home, placement: Placement, removal: Removal, reason: str) -> None:
    removal.run()
    now = home.now()
    body = {
        "canary": placement.canary,
        "placement": placement.id,
        "planter": placement.planter,
        "target": placement.target,
        "what": [item.as_dict() for item in placement.items],
        "remains": list(removal.remains),
        "reason": reason,
    }
    try:
        with home.store.write() as connection:
            home.writer.record(connection, "unplanted", now, home.operator, body)
            found = {"state": State.REMOVED.value, "checked_at": now}
            connection.execute(
                update(store.placement).where(store.placement.c.id == placement.id).values(**found)
            )
    except BaseException:
        removal.undo()
        raise
