from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from canaries.core.store import notice, outage, outbox
from canaries.installation.home import Home
from listener.notify import clock_steps
from listener.notify.outbox import later

NOW = "2026-11-22T12:00:00.000000Z"
ROW = clock_steps.row_name("a-machine")
FAR = later(NOW, 90_000)


def fill(home: Home) -> None:
    row = {
        "id": "1" * 32,
        "channel": "ops",
        "state": "waiting",
        "created_at": NOW,
        "due_at": FAR,
        "attempts": 1,
    }
    state = dict.fromkeys(("seen", "told", "own", "strength", "networks", "level"), 0)
    with home.store.write() as connection:
        connection.execute(insert(outbox).values(**row, leased_until=FAR))
        words = {"incident_id": "aa", "told_at": FAR, "due_at": FAR, "held_until": ""}
        connection.execute(insert(notice).values(**words, **state))
        connection.execute(insert(outage).values(channel="ops", since=NOW, resume_at=FAR, problem="x"))


def dues(home: Home) -> set[str]:
    with home.store.read() as connection:
        row = connection.execute(select(outbox)).one()
        found = [row.due_at, row.leased_until]
        found += connection.execute(select(notice.c.due_at, notice.c.told_at)).one()
        return {*map(str, found), str(connection.scalar(select(outage.c.resume_at)))} - {""}


def heal(home: Home, now: str) -> bool:
    with home.store.write() as connection:
        return clock_steps.heal(connection, now, ROW)


@pytest.mark.parametrize("back", [61, 3600, 86_400, 40_000_000])
def test_o12_a_step_back_makes_due_what_lies_ahead(any_home: Home, back: float) -> None:
    assert heal(any_home, NOW) is False
    fill(any_home)
    earlier = later(NOW, -back)
    assert heal(any_home, earlier) is True
    assert dues(any_home) == {earlier}
    assert heal(any_home, earlier) is False


@pytest.mark.parametrize("step", [0, 30, 86_400, -59])
def test_time_that_passes_and_small_corrections_change_nothing(home: Home, step: float) -> None:
    heal(home, NOW)
    fill(home)
    assert heal(home, later(NOW, step)) is False
    assert dues(home) == {FAR}


def test_the_time_is_written_down_now_and_then(home: Home) -> None:
    with home.store.read() as connection:
        assert clock_steps.due(connection, NOW, ROW)
    heal(home, NOW)
    with home.store.read() as connection:
        assert not clock_steps.due(connection, later(NOW, 29), ROW)
        assert clock_steps.due(connection, later(NOW, 30), ROW)
        assert clock_steps.due(connection, later(NOW, -30), ROW)


def test_machines_do_not_disturb_each_other() -> None:
    assert clock_steps.row_name("a") != clock_steps.row_name("b")
    assert len(clock_steps.row_name()) <= 32
