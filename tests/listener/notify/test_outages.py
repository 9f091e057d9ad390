"""The whole way, with receivers, is in test_courier."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from canaries.core.store import outbox as table
from canaries.installation.home import Home
from listener.notify import outages
from listener.notify.outbox import later

NOW = "2026-11-22T12:00:00.000000Z"


@pytest.fixture
def two(tmp_path: Path) -> Home:
    section = '[channels.{0}]\ntype = "file"\npath = "/nowhere/{0}"\n'
    return Home.create(tmp_path / "home", section.format("ops") + section.format("mail"))


def queued(home: Home, channel: str) -> int:
    with home.store.read() as connection:
        return connection.scalar(select(func.count()).where(table.c.channel == channel)) or 0


def test_a_refusal_is_said_once_on_the_others_and_pauses_the_channel(two: Home) -> None:
    until = later(NOW, 300)
    with two.store.write() as connection:
        assert outages.failed(connection, two, "ops", NOW, NOW, "wrong password", until)
        assert not outages.failed(connection, two, "ops", NOW, NOW, "wrong password", until)
        assert outages.paused(connection, "ops", NOW)
        assert not outages.paused(connection, "ops", until)
        assert not outages.paused(connection, "mail", NOW)
        assert outages.known(connection) == {"ops": NOW}
    assert (queued(two, "ops"), queued(two, "mail")) == (0, 1)
    with two.store.write() as connection:
        assert outages.worked(connection, two, "ops", NOW)
        assert not outages.worked(connection, two, "ops", NOW)
        assert outages.known(connection) == {}
    assert (queued(two, "ops"), queued(two, "mail")) == (0, 2)
    two.store.close()


def test_a_receiver_that_is_only_away_gets_some_patience(two: Home) -> None:
    with two.store.write() as connection:
        assert not outages.failed(connection, two, "ops", NOW, later(NOW, 899), "no answer", "")
        assert outages.known(connection) == {}
        assert outages.failed(connection, two, "ops", NOW, later(NOW, 900), "no answer", "")
    two.store.close()


def test_an_only_channel_has_no_other_to_be_told(home: Home) -> None:
    with home.store.write() as connection:
        assert outages.failed(connection, home, "ops", NOW, NOW, "no", later(NOW, 1))
    assert queued(home, "") == 0
