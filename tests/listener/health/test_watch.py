"""The health watch: a failure that stays is told once over the channels, and so is its end."""

from __future__ import annotations

from sqlalchemy import func, select

from canaries.core import store
from canaries.installation.home import Home
from listener.health.state import HealthReport, PartState, failing, well
from listener.health.watch import HealthWatch


def waiting(home: Home) -> int:
    with home.store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(store.outbox)).scalar_one())


def test_o3_what_fails_twice_is_told_once_and_its_end_too(any_home: Home) -> None:
    now: list[PartState] = []
    watch = HealthWatch(any_home, lambda home: HealthReport(home.now(), tuple(now)))
    told = []
    for state in (
        [well("a", "runs")],
        [failing("a", "it has stopped")],  # once may be a moment's weakness
        [failing("a", "it has stopped")],
        [failing("a", "it has stopped")],
        [failing("a", "it has stopped"), failing("b", "full")],
        [failing("a", "it has stopped"), failing("b", "full")],
        [failing("b", "full")],
        [well("a", "runs")],
        [well("a", "runs")],
    ):
        now[:] = state
        watch.look()
        told.append(waiting(any_home))
    assert told == [0, 0, 1, 1, 1, 2, 2, 3, 3]


def test_a_restart_does_not_tell_it_again(home: Home) -> None:
    for _ in range(2):
        watch = HealthWatch(home, lambda home: HealthReport(home.now(), (failing("a", "it has stopped"),)))
        for _ in range(3):
            watch.look()
    assert waiting(home) == 1


def test_the_heartbeat_gets_what_fails(home: Home) -> None:
    watch = HealthWatch(home, lambda home: HealthReport(home.now(), (failing("sealer", "it has stopped"),)))
    assert watch.problems() == ()
    watch.look()
    assert watch.problems() == ("sealer: it has stopped",)
