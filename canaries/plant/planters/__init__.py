"""The contract of a planter: one file in this folder puts bait into one sort of target.

Planting is three steps, so that nobody is surprised: `Planter.plan` looks and decides (it refuses here, and
writes nothing), `Plan.steps` says what would happen, `Plan.put` does exactly that and returns what it did together
with the way back. `Planter.look` comes again later and says whether the bait is still there, `Planter.take_back` how
it comes out again.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

from canaries.core.errors import PlantError
from canaries.core.model import Bait, Canary
from canaries.core.plugins import classes
from canaries.core.text import clip

FOLDER = __name__


class State(StrEnum):
    """Of a placement, as the last look found it."""

    PLANNED = "planned"
    """On record, not yet known to be in place: only a killed ``plant`` leaves this behind."""
    THERE = "there"
    """Every token is where it was put."""
    CHANGED = "changed"
    """Some of it is there, or it reads otherwise now."""
    GONE = "gone"
    """Nothing of it is left."""
    UNREACHABLE = "unreachable"
    """Nobody could look: no permission, no connection."""
    REMOVED = "removed"
    """Taken back by ``unplant``; nobody looks any more."""


@dataclass(frozen=True, slots=True)
class PlantingRequest:
    """What is to be planted, and where."""

    bait: Bait
    target: str
    """As the operator typed it."""
    now: datetime
    """Aware; nothing that is planted is dated later."""
    table: str = ""
    """Of a database target, where the URL does not name it."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Column to value, for columns of a database table that the bait says nothing about."""
    chance: random.Random = field(default_factory=random.SystemRandom)
    """Decides what must not be the same everywhere: names, dates."""
    kind: str = ""
    """Of the canary; empty where nobody said."""
    like: Mapping[str, Any] = field(default_factory=dict)
    """Of a database target: columns and values of the neighbour after whom the person was minted."""
    allow: frozenset[str] = frozenset()
    """What is refused by default and was asked for all the same: ``no-mail``."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was put somewhere."""

    where: str
    """Absolute path of the file, or the database URL without its password."""
    how: str
    """``created``, ``appended`` (behind all that was there) or ``inserted`` (into a file, or as a row)."""
    sha256: str
    """Of exactly the bytes that were written; of a row, of its bait values as canonical JSON."""
    row: dict[str, str] = field(default_factory=dict)
    """Of a row: ``table`` and its key columns; otherwise empty."""
    memory: dict[str, Any] = field(default_factory=dict)
    """What `Planter.look` needs to find it again. Lies in the vault's box only."""

    def as_dict(self) -> dict[str, Any]:
        """What the *planted* entry says of it."""
        said: dict[str, Any] = {"where": self.where, "how": self.how, "sha256": self.sha256}
        return said | ({"row": self.row} if self.row else {})


@dataclass(frozen=True, slots=True)
class Done:
    """What `Plan.put` did."""

    items: tuple[Item, ...]
    undo: Callable[[], None]
    """Takes it back, leaving alone what somebody else changed meanwhile. Raises PlantError where it cannot."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is going to happen; nothing has happened yet."""

    target: str
    """The target as it may be written down: absolute, without passwords."""
    steps: tuple[str, ...]
    """One sentence each, for ``--dry-run``; no token values in them."""
    items: tuple[Item, ...]
    """What there will be to look for: recorded before anything is written."""
    put: Callable[[], Done]
    """Does it, all or nothing. Raises PlantError."""
    warnings: tuple[str, ...] = ()
    """What the operator should know all the same."""
    diff: str = ""
    """What changes, as a unified diff, for ``--dry-run``; the bait's secrets are not in it."""


@dataclass(frozen=True, slots=True)
class Removal:
    """How planted bait is taken back; nothing has happened yet."""

    steps: tuple[str, ...]
    """One sentence each; no token values in them."""
    run: Callable[[], None]
    """Does it. Raises PlantError; then everything is as it was."""
    undo: Callable[[], None]
    """Puts it there again, where the ledger could not be written."""
    remains: tuple[str, ...] = ()
    """Where it stays all the same: backups, a version control's history."""


class Planter(ABC):
    """Puts bait into one sort of target. Holds no state."""

    name: ClassVar[str]
    title: ClassVar[str]
    """What the target is, for messages."""
    rank: ClassVar[int] = 50
    """Of the planters that accept a target the one with the lowest rank takes it."""

    @abstractmethod
    def accepts(self, target: str) -> bool:
        """Whether this target is of my sort. Looks, touches nothing. May raise OSError."""

    @abstractmethod
    def plan(self, request: PlantingRequest) -> Plan:
        """Decide. Raises PlantError where the bait cannot be put there without damage."""

    def take_back(self, items: Sequence[Item], canary: Canary, planted_at: str) -> Removal:
        """How ``items`` of one placement of ``canary`` come out again, leaving alone what others did meanwhile.

        ``planted_at`` is RFC 3339. Raises PlantError where what was planted is not as it was.
        """
        raise PlantError(f"what lies in {self.title} is not taken back by itself", hint="take it out by hand")

    @abstractmethod
    def look(self, item: Item) -> tuple[State, str]:
        """Whether ``item`` is still there, and in a few words why not."""


def planter(name: str) -> Planter:
    """The planter called ``name``. Raises PlantError."""
    found = classes(FOLDER, Planter).get(name)  # type: ignore[type-abstract]
    if found is None:
        raise PlantError(
            f"there is no planter called {name!r}", hint="the plug-in that planted this is not installed"
        )
    return found()


def choose(target: str) -> Planter:
    """The planter for ``target``. Raises PlantError where no planter wants it."""
    planters = [planter() for planter in classes(FOLDER, Planter).values()]  # type: ignore[type-abstract]
    usable = bool(target) and "\0" not in target  # an empty path would mean the present folder
    for candidate in sorted(planters, key=lambda one: (one.rank, one.name)):
        if usable and _accepts(candidate, target):
            return candidate
    folder = Path(target or ".").absolute().parent
    if usable and "://" not in target and not folder.is_dir():
        raise PlantError(
            f"nothing can be planted at {clip(target, 80)!r}: there is no folder {clip(str(folder), 80)!r}",
            hint="make it first",
        )
    known = "; ".join(sorted(one.title for one in planters))
    raise PlantError(f"nothing can be planted at {clip(target, 80)!r}", hint=f"a target is one of: {known}")


def _accepts(candidate: Planter, target: str) -> bool:
    try:
        return candidate.accepts(target)
    except OSError as error:  # no permission to look, a name too long
        reason = (error.strerror or type(error).__name__).lower()
        raise PlantError(f"the target {clip(target, 80)!r} cannot be looked at: {reason}") from error
