"""Episodes of overload."""

from __future__ import annotations

from dataclasses import dataclass

from listener.net.overload import QUIET_SECONDS, Overload


@dataclass
class Ticks:
    now: float = 50.0

    def __call__(self) -> float:
        return self.now


def test_an_episode_has_its_counts_and_ends_when_it_is_quiet() -> None:
    ticks = Ticks()
    overload = Overload(ticks)
    assert overload.episodes() == {}
    overload.note("trap ssh", "refused", 3)
    ticks.now += QUIET_SECONDS - 1
    overload.note("trap ssh", "refused")
    overload.note("trap ssh", "evicted")
    assert overload.episodes() == {
        "trap ssh": {"seconds": QUIET_SECONDS - 1, "counts": {"refused": 4, "evicted": 1}}
    }
    ticks.now += QUIET_SECONDS + 1
    assert overload.episodes() == {}
    overload.note("trap ssh", "refused")
    assert overload.episodes() == {"trap ssh": {"seconds": 0.0, "counts": {"refused": 1}}}
