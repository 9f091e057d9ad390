"""The check of the heartbeat."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from canaries.core import store
from canaries.core.clock import rfc3339
from canaries.installation.home import Home
from listener.health.checks.heartbeat import HeartbeatCheck
from tests.listener.health.looking import failures, notes


def stamp(home: Home, hours_ago: float) -> None:
    at = rfc3339(home.clock.now() - timedelta(hours=hours_ago))
    with home.store.write() as connection:
        connection.execute(update(store.meta).where(store.meta.c.name == "heartbeat").values(value=f"7 {at}"))


def test_none_yet_and_well(home: Home, look: Any) -> None:
    assert "none yet" in notes(look(HeartbeatCheck))
    stamp(home, 5)
    assert not failures(look(HeartbeatCheck))


def test_one_that_is_overdue(home: Home, look: Any) -> None:
    stamp(home, 50)
    assert "the last one, number 7, was due again" in failures(look(HeartbeatCheck))


def test_off(home: Home, look: Any) -> None:
    (home.path / "trapline.toml").write_text("[alerts]\nheartbeat_hours = 0\n")
    assert "off" in notes(look(HeartbeatCheck))
