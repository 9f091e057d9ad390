"""How much one input may cost, and what is left of that while it is looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DecodingLimits:
    """How much one piece of input may cost."""

    produced: int = 4 << 20
    """Bytes that all decoders together may give for it, beside `produced_each`."""
    produced_each: int = 4
    """The same, more for each byte of the input."""
    depth: int = 12
    """Layers on top of each other."""
    work: int = 64 << 20
    """Weighted bytes looked at, beside `work_each`; some two nanoseconds each."""
    work_each: int = 64
    """The same, more for each byte of the input."""


USUAL = DecodingLimits()


class DecodingBudget:
    """What is left of the limits while one input is looked at. Not to be used again for another."""

    def __init__(self, limits: DecodingLimits, size: int) -> None:
        """For an input of ``size`` bytes."""
        self.depth = limits.depth
        self.produced = limits.produced + limits.produced_each * size
        self.work = limits.work + limits.work_each * size
        self._reached: dict[str, None] = {}

    @property
    def reached(self) -> tuple[str, ...]:
        """``bytes``, ``depth``, ``work``: the bounds that left something unseen, in the order they were met."""
        return tuple(self._reached)

    def note(self, bound: str) -> None:
        """Something was left unseen because of ``bound``."""
        self._reached[bound] = None

    def spend(self, work: int) -> bool:
        """Charge ``work``; False where too little is left, and then it is not to be done."""
        if work > self.work:
            self._reached["work"] = None
            return False
        self.work -= work
        return True
