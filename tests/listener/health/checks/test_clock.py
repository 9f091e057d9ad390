"""The check of the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from canaries.core.clock import FixedClock
from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.health.checks.clock import ClockCheck
from tests.listener.health.looking import failures


def test_well(home: Home, look: Any) -> None:
    list(mint(home, "url"))
    assert not failures(look(ClockCheck))


def test_o12_a_clock_that_was_set_back(home: Home, look: Any) -> None:
    list(mint(home, "url"))
    home.clock = FixedClock(home.clock.now() - timedelta(days=1))
    assert "it is behind what was recorded at" in failures(look(ClockCheck))
