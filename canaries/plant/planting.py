"""Planting: a planter puts the bait there, the ledger says so. And which canaries are placed where.

The order never leaves bait that is not on record: the *intent* is written first (a placement in state ``planned``,
its details in the vault's box), then the bait is put there, then one transaction adds the *planted* entry and makes
the placement real. A kill in between leaves the intent, and `canaries.plant.placements.check` settles it by looking;
the ledger, which nobody can correct, never says *planted* of something that was not. Where the last step fails, the
bait is taken away again.
"""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from canaries.core import store
from canaries.core.errors import PlantError, TraplineError
from canaries.crypto.labels import seal_place
from canaries.crypto.sealed_box import Locker
from canaries.ledger.entries import canonical, new_id
from canaries.mint import catalogue
from canaries.plant import firing
from canaries.plant.planters import Item, Plan, PlantingRequest, State, choose

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from canaries.core.model import Bait, Canary
    from canaries.installation.home import Home
    from canaries.installation.reachability import Obstacle
    from canaries.plant.firing import PlantedFacets


@dataclass(frozen=True, slots=True)
class PlacementDetails:
    """What the vault's box of a placement holds."""

    planter: str
    target: str
    """As it may be written down: absolute, without passwords."""
    by: str
    """The operator who planted it."""
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Planted:
    """What came of it; of a dry run, what would come."""

    canary: Canary
    bait: Bait
    placement: str
    """16 hexadecimal digits; empty after a dry run."""
    planter: str
    plan: Plan
    items: tuple[Item, ...]
    elsewhere: int
    """In how many other places the same canary lies: a hit cannot tell between them."""


def plant(
    home: Home,
    canary_id: str,
    target: str,
    *,
    table: str = "",
    values: Mapping[str, str] | None = None,
    allow: frozenset[str] = frozenset(),
    dry_run: bool = False,
) -> Planted:
    """Put the bait of a canary at ``target``. Raises NotFoundError, PlantError, StoreError; then nothing is there."""
    canary = catalogue.find(home, canary_id)
    elsewhere = refuse_retired(home, canary)
    bait = catalogue.bait(home, canary)
    planter = choose(target)
    asked = PlantingRequest(
        bait, target, home.clock.now(), table, dict(values or {}), kind=canary.kind, allow=allow
    )
    plan = planter.plan(asked)
    if dry_run:
        return Planted(canary, bait, "", planter.name, plan, plan.items, elsewhere)
    return put_in_place(home, canary, bait, planter.name, plan, elsewhere)


def put_in_place(
    home: Home, canary: Canary, bait: Bait, planter_name: str, plan: Plan, elsewhere: int = 0
) -> Planted:
    """Carry out a plan for the bait of ``canary``. Raises PlantError, StoreError; then nothing is there."""
    details = PlacementDetails(planter_name, plan.target, home.operator, plan.items)
    placement = Placing(home, canary.id)
    items = placement.carry_out(plan, details)
    return Planted(canary, bait, placement.id, planter_name, plan, items, elsewhere)


def refuse_retired(home: Home, canary: Canary) -> int:
    """In how many places it is. Raises PlantError where it was retired."""
    table, places = store.canary, store.placement
    with home.store.read() as connection:
        retired = connection.execute(select(table.c.retired_at).where(table.c.id == canary.id)).scalar_one()
        count = select(func.count()).where(
            places.c.canary_id == canary.id, places.c.state != State.REMOVED.value
        )
        elsewhere: int = connection.execute(count).scalar_one()
    if retired:
        raise PlantError(
            f"canary {canary.id} is retired", hint=f"mint a new one: trapline mint {canary.kind}"
        )
    return elsewhere


class Placing:
    """One placement on its way: intent, deed, confirmation."""

    def __init__(self, home: Home, canary_id: str) -> None:
        self._home, self._canary = home, canary_id
        self.id = secrets.token_hex(8)

    def carry_out(self, plan: Plan, details: PlacementDetails) -> tuple[Item, ...]:
        """Do what ``plan`` says; what there is now comes back. Raises PlantError, StoreError; then nothing is there."""
        with self._home.store.write() as connection:
            self._row(connection, details, State.PLANNED, entry_id="")
        try:
            done = plan.put()
        except BaseException:
            self._forget()
            raise
        try:
            with self._home.store.write() as connection:
                connection.execute(delete(store.placement).where(store.placement.c.id == self.id))
                real = dataclasses.replace(details, items=done.items)
                entry_id = planted_entry(self._home, connection, self.id, self._canary, real)
                self._row(connection, real, State.THERE, entry_id)
        except BaseException:
            done.undo()
            self._forget()
            raise
        return done.items

    def _row(self, connection: Connection, details: PlacementDetails, state: State, entry_id: str) -> None:
        now = self._home.now()
        sealed = self._home.writer.seal(canonical(dataclasses.asdict(details)), self.id)
        row = {
            "id": self.id,
            "entry_id": entry_id,
            "canary_id": self._canary,
            "planted_at": now,
            "state": state.value,
        }
        label = seal_place(Locker(self._home.keys.alerts), self.id, details.target)
        connection.execute(insert(store.placement).values(**row, sealed=sealed, label=label))

    def _forget(self) -> None:
        """Nothing was planted: the intent goes. Where even that fails, the next check settles it."""
        with contextlib.suppress(TraplineError), self._home.store.write() as connection:
            connection.execute(delete(store.placement).where(store.placement.c.id == self.id))


def planted_entry(
    home: Home, connection: Connection, placement: str, canary: str, details: PlacementDetails
) -> str:
    """Write the *planted* entry; its id comes back."""
    entry_id = new_id()
    body = {
        "canary": canary,
        "placement": placement,
        "planter": details.planter,
        "target": details.target,
        "what": [item.as_dict() for item in details.items],
    }
    home.writer.append(connection, [("planted", entry_id, home.now(), details.by, body)])
    return entry_id


def trials(planted: Planted) -> Iterator[str]:
    """How to fire what was planted here, of the canary and of those its bait carries; nothing where nobody can."""
    from canaries.mint import minting

    for name, bait in ((planted.canary.kind, planted.bait), *planted.bait.parts):
        yield from firing.trials(minting.kind(name), bait, planted.items)


def facets(home: Home, planted: Planted) -> PlantedFacets:
    """Which facets of what was planted here fire, and which do not."""
    return firing.facets(home.settings, planted.bait, planted.items)


def obstacle(home: Home, planted: Planted) -> Obstacle | None:
    """Why nobody can fire what was planted here; None where somebody can."""
    from canaries.mint import minting

    return firing.placement_obstacle(home.settings, minting.kind(planted.canary.kind), planted.items)
