"""A clock that steps by a day, forwards and backwards: every hit is told of once, and the heartbeat keeps beating."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from canaries.core.clock import FixedClock
from canaries.installation.home import Home
from canaries.mint import minting
from listener.notify.courier import Courier

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class World:
    """An installation whose clock the test moves; its channel is a file."""

    def __init__(self, folder: Path, strike: Callable[..., str]) -> None:
        self.clock = FixedClock(START)
        self.told = folder / "alerts.ndjson"
        toml = f'[alerts]\nheartbeat_hours = 12\n[channels.log]\ntype = "file"\npath = "{self.told}"\n'
        self.home = Home.create(folder / "home", toml, self.clock)
        self._strike = strike
        self._addresses = (f"198.51.100.{number}" for number in itertools.count(1))

    def step(self, change: timedelta) -> None:
        self.clock.advance(seconds=change.total_seconds())

    def hit(self) -> str:
        """Somebody new uses a canary of its own; its id."""
        canary = next(iter(minting.mint(self.home, "url"))).canary
        self._strike(self.home, canary, ip=next(self._addresses), at=self.home.now())
        return canary.id

    def work(self, minutes: int) -> None:
        """The courier for some minutes; it begins anew, as after a restart."""
        courier = Courier(self.home, say=lambda _: None)
        for _ in range(minutes):
            courier.tick()
            courier.deliver("log")
            self.step(timedelta(minutes=1))

    def alerts(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.told.read_text().splitlines()]


@pytest.mark.parametrize(
    "steps",
    [
        [DAY],
        [-DAY],
        [DAY, -DAY],
        [-DAY, DAY],
        [DAY, DAY, -3 * DAY],
        [-400 * DAY],
        [timedelta(hours=26), -26 * DAY / 24],
    ],
    ids=lambda steps: " ".join(f"{step / DAY:+.1f}" for step in steps),
)
def test_every_hit_is_told_of_once_whatever_the_clock_does(
    steps: list[timedelta], tmp_path: Path, strike: Callable[..., str]
) -> None:
    world = World(tmp_path, strike)
    world.work(2)
    struck = [world.hit()]
    world.work(3)
    for step in steps:
        struck.append(world.hit())  # not told of yet when the clock steps
        world.step(step)
        struck.append(world.hit())
        world.work(3)
    told = Counter(alert["canary"] for alert in world.alerts() if alert["event"] == "first")
    assert told == Counter(struck)
    world.home.close()


@pytest.mark.parametrize("step", [DAY, -DAY, -400 * DAY], ids=["forwards", "backwards", "a year back"])
def test_a_heartbeat_comes_within_its_distance_behind_a_step(
    step: timedelta, tmp_path: Path, strike: Callable[..., str]
) -> None:
    world = World(tmp_path, strike)
    for _ in range(3):
        world.work(1)
        world.step(timedelta(hours=13))
    before = [alert["sequence"] for alert in world.alerts() if alert["event"] == "heartbeat"]
    assert before == [1, 2]
    world.step(step)
    world.work(2)
    world.step(timedelta(hours=12, minutes=1))
    world.work(2)
    after = [alert["sequence"] for alert in world.alerts() if alert["event"] == "heartbeat"]
    assert after[:3] == [1, 2, 3]
    assert len(after) >= 4 or step > timedelta()
    assert after == list(range(1, len(after) + 1))
    world.home.close()
