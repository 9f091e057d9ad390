from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from canaries.core.store import outbox
from canaries.crypto.sealed_box import Locker
from canaries.installation.home import Home
from listener.notify import heartbeat
from listener.notify.outbox import later

START = "2026-11-22T12:00:00.000000Z"


def beat(home: Home, hours: float) -> None:
    with home.store.write() as connection:
        heartbeat.beat(connection, home, later(START, hours * 3600), "courier")


def numbers(home: Home) -> list[int]:
    locker = Locker(home.keys.alerts)
    with home.store.read() as connection:
        rows = connection.execute(select(outbox).order_by(outbox.c.created_at)).all()
    return [json.loads(locker.open(row.sealed, row.id.encode()))["sequence"] for row in rows]


def test_it_counts_and_keeps_its_distance(any_home: Home) -> None:
    for hours in (0, 12, 23.9, 24, 25, 47, 48, 48.1):
        beat(any_home, hours)
    assert numbers(any_home) == [1, 2]


def test_the_count_survives_a_restart(home: Home) -> None:
    for hours in (0, 24):
        beat(home, hours)
    home.store.close()
    again = Home.open(home.path)
    beat(again, 48)
    assert numbers(again) == [1, 2]
    again.store.close()


def test_each_one_is_an_entry(home: Home) -> None:
    for hours in (0, 24):
        beat(home, hours)
    with home.store.read() as connection:
        (entry,) = home.reader.entries(connection, "heartbeat")
    assert entry.body["sequence"] == 1
    assert entry.by == "courier"


@pytest.mark.parametrize("hours", [1, 1000])
def test_it_can_be_switched_off(tmp_path: Path, hours: float) -> None:
    home = Home.create(tmp_path / "home", "[alerts]\nheartbeat_hours = 0\n")
    for moment in (0, hours):
        beat(home, moment)
    assert numbers(home) == []
    home.store.close()
