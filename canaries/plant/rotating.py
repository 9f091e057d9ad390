"""Replacing planted bait by new bait of the same kind, at the same place: the old one is retired and still recorded.

Whether the old bait can be taken back is asked first: where it cannot, nothing is planted. In a file or a table the new
bait is put beside the old before that goes; files of the bait's own are taken away first, as two cannot have one name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from canaries.core.errors import PlantError
from canaries.mint import catalogue
from canaries.plant import placements
from canaries.plant.newcomers import plant_new
from canaries.plant.noting import NOTED
from canaries.plant.planters import State
from canaries.plant.unplanting import TakenBack, unplant

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from canaries.plant.planting import Planted

_WHOLE = ("folder", "repository")
"""Planters that make files of the bait's own."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """One placement whose bait was replaced; of a dry run, would be."""

    old: TakenBack
    new: Planted | None
    """None: of a dry run where the old files must go first."""
    retired: bool
    """Whether the old canary lies nowhere else and was retired."""


def rotate(
    home: Home, name: str, *, values: Mapping[str, str] | None = None, reason: str = "", dry_run: bool = False
) -> list[Rotated]:
    """Replace the bait of the placement ``name``, or of every placement of the canary ``name``.

    Raises NotFoundError, PlantError (the sentence says what was done before), MintError, StoreError.
    """
    looked = unplant(home, name, dry_run=True)
    for one in looked:
        _refuse_unique(home, one)
    return [_rotated(home, one, dict(values or {}), reason, dry_run) for one in looked]


def _refuse_unique(home: Home, one: TakenBack) -> None:
    canary = catalogue.find(home, one.placement.canary)
    if one.placement.planter == NOTED:
        raise PlantError(
            f"placement {one.placement.id} was noted by hand: nothing here can reach it",
            hint="mint and place a new one there, then: trapline unplant",
        )
    if canary.source or canary.parent:
        made = (
            "a file of yours, which is not kept" if canary.source else f"the bait of canary {canary.parent}"
        )
        hint = "mint and plant it again by hand, then: trapline unplant"
        raise PlantError(f"canary {canary.id} was made from {made}", hint=hint)


def _rotated(home: Home, one: TakenBack, values: dict[str, str], reason: str, dry_run: bool) -> Rotated:
    placement = one.placement
    canary = catalogue.find(home, placement.canary)
    fits = placement.planter == "database" and canary.kind == "user"
    first = placement.planter in _WHOLE
    if dry_run and first:
        return Rotated(one, None, retired=False)
    old = unplant(home, placement.id, reason=reason)[0] if first else one
    try:
        new = plant_new(
            home,
            canary.kind,
            placement.target,
            memo=canary.memo,
            recipient=canary.recipient,
            options={} if fits else canary.options,  # a person is minted after a neighbour again
            values=values,
            dry_run=dry_run,
        )
    except PlantError as error:
        before = "; the old bait is taken back already" if first else ""
        raise PlantError(f"{error.sentence}{before}", hint=error.hint) from error
    if dry_run:
        return Rotated(old, new, retired=False)
    if not first:
        old = unplant(home, placement.id, reason=reason)[0]
    return Rotated(old, new, _retired(home, canary.id, reason))


def _retired(home: Home, canary_id: str, reason: str) -> bool:
    left = [one for one in placements.listing(home, canary=canary_id) if one.state is not State.REMOVED]
    if not left:
        catalogue.retire(home, canary_id, reason or "rotated")
    return not left
