"""One thief with a dump of 300 canaries, through the real intake: a few messages, and every count exact."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from canaries.core.clock import FixedClock, rfc3339
from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.notify import digest
from listener.notify.courier import Courier

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHANNELS = ("ops", "siem")


@pytest.mark.parametrize("count", [40, pytest.param(300, marks=pytest.mark.soak)])
def test_f7_o11_300_canaries_by_one_source_in_3_seconds_are_at_most_3_messages_a_channel(
    tmp_path: Path, strike: Callable[..., str], count: int
) -> None:
    sections = [f'[channels.{name}]\ntype = "file"\npath = "{tmp_path}/{name}"\n' for name in CHANNELS]
    clock = FixedClock(NOON)
    home = Home.create(tmp_path / "home", "[alerts]\nheartbeat_hours = 0\n" + "".join(sections), clock)
    courier = Courier(home, say=lambda _: None)
    for number, made in enumerate(mint(home, "url", count=count)):
        strike(home, made.canary, at=rfc3339(NOON + timedelta(milliseconds=10 * number)))
        clock.advance(seconds=3 / count)
    for hours in (0, 1, 24):
        clock.advance(hours=hours)
        with home.store.write() as connection:
            digest.due(connection, home, home.now())
        for name in CHANNELS:
            while courier.deliver(name):
                pass
    for name in CHANNELS:
        told = [json.loads(line) for line in (tmp_path / name).read_text().splitlines()]
        assert len(told) <= 3
        assert sum(one["hits"] for one in told) == count
        assert (told[-1]["total"], told[-1]["canaries"]) == (count, count)
        assert len({one["incident"] for one in told}) == 1
    home.store.close()
