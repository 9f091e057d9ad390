"""A send that nobody received is told once its window is over."""

from __future__ import annotations

from datetime import timedelta

from canaries.installation.home import Home
from listener.health.checks import View
from listener.health.checks.sends import SendsCheck
from listener.sensors import sends


def levels(home: Home, minutes: int) -> list[str]:
    return [
        part.level for part in SendsCheck().look(View(home, home.clock.now() + timedelta(minutes=minutes)))
    ]


def test_an_authorised_send_whose_copy_never_arrives_is_failing(home: Home) -> None:
    assert levels(home, 0) == []
    made = sends.authorise(home, "subscribers", "All clear", 5)
    assert levels(home, 0) == ["well"]
    assert levels(home, 6) == ["failing", "well"]
    with home.store.write() as connection:
        sends.count_copies(connection, [made])
    assert levels(home, 6) == ["well"]
    assert levels(home, 2 * 24 * 60) == []
