"""Challenges: for one purpose, for ten minutes, once."""

from __future__ import annotations

import pytest

from canaries.accounts.challenges import SECONDS, Challenges
from canaries.core.errors import AccessError


class Ticks:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_each_is_taken_once_and_for_its_purpose_alone() -> None:
    made = Challenges(Ticks())
    one, other = made.make("a"), made.make("a")
    assert one != other
    made.check("a", one)
    for wrong in (made.make("b"), one[:-1], one + b"x", bytes(56), b"", Challenges(Ticks()).make("a")):
        with pytest.raises(AccessError, match="took too long"):
            made.spend("a", wrong)
    made.spend("a", one)
    for act in (made.spend, made.check):
        with pytest.raises(AccessError, match="took too long"):
            act("a", one)
    made.spend("a", other)


def test_it_is_too_old_after_ten_minutes_and_then_forgotten() -> None:
    ticks = Ticks()
    made = Challenges(ticks)
    used, late = made.make("a"), made.make("a")
    made.spend("a", used)
    ticks.now += SECONDS + 1
    with pytest.raises(AccessError, match="took too long"):
        made.check("a", late)
    made.spend("a", made.make("a"))
    assert used not in made._used


def test_what_follows_from_one_is_of_its_purpose_and_process() -> None:
    made, other = Challenges(Ticks()), Challenges(Ticks())
    one = made.make("a")
    found = {made.derive("state", one), made.derive("nonce", one), other.derive("state", one)}
    assert len(found) == 3
    assert made.derive("state", one) in found
