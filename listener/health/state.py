"""The nouns of health."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

UNNEEDED = "no live bait leads to it"
"""Why a trap that is set up is shut, where nothing is wrong (``listen.traps``)."""


class Level(StrEnum):
    """How a part is."""

    WELL = "well"
    NOTE = "note"
    """It works; an operator should know this all the same."""
    FAILING = "failing"
    """It does not do what it is there for, or soon will not."""


@dataclass(frozen=True, slots=True)
class PartState:
    """One statement on one part."""

    part: str
    """Which part: the name of the check, and of the channel, trap or key where there are several (``channel ops``)."""
    level: Level
    says: str
    """One sentence, without secrets; what visitors sent does not stand in it."""
    hint: str = ""
    """What to do next."""


@dataclass(frozen=True, slots=True)
class HealthReport:
    """Every part of one installation at one moment."""

    at: str
    """RFC 3339."""
    parts: tuple[PartState, ...]
    """In the order of the checks."""

    @property
    def well(self) -> bool:
        """Whether nothing is failing."""
        return not self.failing

    @property
    def failing(self) -> tuple[PartState, ...]:
        return tuple(part for part in self.parts if part.level is Level.FAILING)

    def as_dict(self) -> dict[str, Any]:
        return {"at": self.at, "well": self.well, "parts": [asdict(part) for part in self.parts]}

    def summary(self) -> str:
        """One line: ``well``, or what is failing."""
        if self.well:
            return "well"
        return "; ".join(f"{part.part}: {part.says}" for part in self.failing)


def well(part: str, says: str) -> PartState:
    return PartState(part, Level.WELL, says)


def note(part: str, says: str, hint: str = "") -> PartState:
    return PartState(part, Level.NOTE, says, hint)


def failing(part: str, says: str, hint: str = "") -> PartState:
    return PartState(part, Level.FAILING, says, hint)
