"""Where bait is, and whether it is still there.

A check writes a *checked* entry only where something changed: the ledger tells what happened, not that nothing did.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, Row, delete, select, tuple_, update

from canaries.core import store
from canaries.core.clock import parse_rfc3339
from canaries.core.errors import PlantError
from canaries.plant.noting import NOTED
from canaries.plant.planters import Item, State, planter
from canaries.plant.planting import PlacementDetails, planted_entry

if TYPE_CHECKING:
    from canaries.installation.home import Home

_details = msgspec.json.Decoder(PlacementDetails)

PAGE = 100
SETTLE_SECONDS = 60
"""An intent younger than this may belong to a ``plant`` that is still at work."""

_WORST = (State.GONE, State.CHANGED, State.UNREACHABLE)
"""Of several items the first of these that any of them is in makes the placement's state."""


@dataclass(frozen=True, slots=True)
class Placement:
    """One place where a bait was put."""

    id: str
    canary: str
    state: State
    """As of ``checked_at``, or of ``planted_at`` where nobody looked since."""
    planter: str
    target: str
    """Absolute path or database URL, without passwords."""
    by: str
    planted_at: str
    """RFC 3339."""
    checked_at: str
    """RFC 3339, or empty."""
    items: tuple[Item, ...]
    reason: str = ""
    """Why it is not ``there``; of a check only."""

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "id": self.id,
            "canary": self.canary,
            "state": self.state.value,
            "reason": self.reason,
            "planter": self.planter,
            "target": self.target,
            "by": self.by,
            "planted_at": self.planted_at,
            "checked_at": self.checked_at,
            "what": [item.as_dict() for item in self.items],
        }


def listing(
    home: Home, *, canary: str | None = None, among: Collection[str] | None = None
) -> Iterator[Placement]:
    """Every placement, oldest first; of ``canary``, or ``among`` these ids, where given. Needs the vault's key."""
    table = store.placement
    query = select(table).where(table.c.sealed.is_not(None)).order_by(table.c.planted_at, table.c.id)
    if canary is not None:
        query = query.where(table.c.canary_id == canary)
    if among is not None:
        query = query.where(table.c.id.in_(among))
    with home.store.read() as connection:
        rows = connection.execute(query).all()
    for row in rows:
        yield _opened(home, row)


def newest(
    home: Home,
    *,
    account: str = "",
    canary: str | None = None,
    after: tuple[str, str] | None = None,
    size: int = PAGE,
) -> list[tuple[str, str]]:
    """(when it was planted, id) of up to ``size`` placements behind ``after``, newest first.

    ``account``: only of canaries that this account minted.
    """
    table, minted = store.placement, store.canary
    query = select(table.c.planted_at, table.c.id).where(table.c.sealed.is_not(None))
    if account:
        mine = select(minted.c.id).where(minted.c.account == account)
        query = query.where(table.c.canary_id.in_(mine))
    if canary is not None:
        query = query.where(table.c.canary_id == canary)
    if after:
        query = query.where(tuple_(table.c.planted_at, table.c.id) < tuple_(*after))
    query = query.order_by(table.c.planted_at.desc(), table.c.id.desc()).limit(size)
    with home.store.read() as connection:
        return [(row.planted_at, row.id) for row in connection.execute(query)]


def _opened(home: Home, row: Row[Any]) -> Placement:
    details = _details.decode(home.reader.open(row.sealed, row.id))
    return Placement(
        row.id,
        row.canary_id,
        State(row.state),
        details.planter,
        details.target,
        details.by,
        row.planted_at,
        row.checked_at,
        details.items,
    )


def check(home: Home, *, canary: str | None = None) -> Iterator[Placement]:
    """Look at every placement and hand it out with its present state; what changed becomes an entry."""
    for before in listing(home, canary=canary):
        if before.state is State.REMOVED:
            continue
        if before.planter == NOTED:  # nothing here can look there
            yield before
            continue
        if before.state is State.PLANNED and _young(home, before):
            continue
        state, reason = _look(before)
        if before.state is State.PLANNED and state is State.GONE:
            _drop(home, before)
            continue
        now = home.now()
        with home.store.write() as connection:
            found = {"state": state.value, "checked_at": now}
            if before.state is State.PLANNED:
                found["entry_id"] = _settled(home, connection, before)
            elif state is not before.state:
                body = {"placement": before.id, "canary": before.canary, "state": state.value}
                body |= {"was": before.state.value, "reason": reason}
                home.writer.record(connection, "checked", now, home.operator, body)
            connection.execute(
                update(store.placement).where(store.placement.c.id == before.id).values(**found)
            )
        yield dataclasses.replace(before, state=state, checked_at=now, reason=reason)


def _young(home: Home, placement: Placement) -> bool:
    age = home.clock.now() - parse_rfc3339(placement.planted_at)
    return age.total_seconds() < SETTLE_SECONDS


def _look(placement: Placement) -> tuple[State, str]:
    """The worst of its items; ``gone`` only where all of them are."""
    try:
        looked = [planter(placement.planter).look(item) for item in placement.items]
    except PlantError as error:
        return State.UNREACHABLE, error.sentence
    states = {state for state, _ in looked}
    reasons = "; ".join(dict.fromkeys(reason for _, reason in looked if reason))
    worst = next((state for state in _WORST if state in states), State.THERE)
    if worst is State.GONE and len(states) > 1:
        worst = State.CHANGED
    return worst, reasons


def _settled(home: Home, connection: Connection, placement: Placement) -> str:
    """A killed ``plant`` got as far as planting: say so now, in its name."""
    details = PlacementDetails(placement.planter, placement.target, placement.by, placement.items)
    return planted_entry(home, connection, placement.id, placement.canary, details)


def _drop(home: Home, placement: Placement) -> None:
    """A killed ``plant`` never got as far as planting: nothing happened."""
    with home.store.write() as connection:
        connection.execute(delete(store.placement).where(store.placement.c.id == placement.id))
