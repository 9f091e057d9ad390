"""A channel for escalation is told of what nobody has answered, and of nothing that somebody has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from canaries.core.clock import FixedClock
from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.incidents import operator_acts, queries
from listener.notify import quiet_incidents
from listener.notify.courier import Courier
from listener.notify.routing import Route

TOML = """[alerts]
heartbeat_hours = 0
[channels.duty]
type = "file"
path = "{0}/duty"
[channels.boss]
type = "file"
path = "{0}/boss"
escalate_minutes = {1}
"""


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Home]]:
    made: list[Home] = []

    def build(minutes: int = 15) -> Home:
        clock = FixedClock(datetime(2026, 11, 22, 12, tzinfo=UTC))
        made.append(Home.create(tmp_path / "home", TOML.format(tmp_path, minutes), clock))
        return made[-1]

    yield build
    for home in made:
        home.store.close()


def told(home: Home) -> dict[str, int]:
    """How many lines each channel has by now."""
    courier, found = Courier(home, say=lambda _: None), {}
    courier.tick()
    for name in ("duty", "boss"):
        while courier.deliver(name):
            pass
        path = home.path.parent / name
        found[name] = len(path.read_text().splitlines()) if path.is_file() else 0
    return found


def used(home: Home, strike: Callable[..., str]) -> str:
    """The incident of a first hit."""
    strike(home, next(iter(mint(home, "url"))).canary)
    return queries.incidents(home)[-1].id


def wait(home: Home, minutes: float) -> None:
    assert isinstance(home.clock, FixedClock)
    home.clock.advance(seconds=60 * minutes)


def test_what_nobody_answers_is_told_after_the_minutes(
    make: Callable[..., Home], strike: Callable[..., str]
) -> None:
    home = make()
    used(home, strike)
    assert told(home) == {"duty": 1, "boss": 0}
    wait(home, 14)
    assert told(home) == {"duty": 1, "boss": 0}
    wait(home, 1.1)
    assert told(home) == {"duty": 1, "boss": 1}


@pytest.mark.parametrize("answer", ["acknowledge", "snooze", "close"])
def test_what_somebody_answered_is_not(
    make: Callable[..., Home], strike: Callable[..., str], answer: str
) -> None:
    home = make()
    incident = used(home, strike)
    assert told(home)["duty"] == 1
    if answer == "close":
        operator_acts.close(home, incident, "seen", "test")
    else:
        quiet_incidents.keep_quiet(home, incident, "1h" if answer == "snooze" else "")
    wait(home, 16)
    assert told(home) == {"duty": 1, "boss": 0}
    wait(home, 600)
    assert told(home)["boss"] == 0


def test_a_snooze_that_ended_is_no_answer(make: Callable[..., Home], strike: Callable[..., str]) -> None:
    home = make(30)
    quiet = used(home, strike)
    told(home)
    quiet_incidents.keep_quiet(home, quiet, "10m")
    wait(home, 31)
    assert told(home)["boss"] == 1


@pytest.mark.parametrize("minutes", [-1, 1_441])
def test_minutes_have_bounds(minutes: int) -> None:
    with pytest.raises(ValueError, match="escalate_minutes must be between 0 and 1440"):
        Route(escalate_minutes=minutes)
