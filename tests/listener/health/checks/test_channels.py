"""The check of the alert channels."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from canaries.core import store
from canaries.core.clock import rfc3339
from canaries.core.errors import TraplineError
from canaries.installation.home import Home
from canaries.ledger.entries import new_id
from listener.health.checks.channels import ChannelsCheck
from listener.notify import configured, outbox, trial_alert
from listener.notify.channels import Alert
from tests.listener.health.looking import failures, notes

TOML = '[channels.ops]\ntype = "file"\npath = "{}/alerts.ndjson"\n'


@pytest.fixture
def told(home: Home) -> Home:
    (home.path / "trapline.toml").write_text(TOML.format(home.path))
    return Home(home.path)


def put(home: Home, **columns: Any) -> None:
    now = home.now()
    with home.store.write() as connection:
        outbox.enqueue(connection, home, [Alert(id=new_id(), event="test", at=now)], now)
        connection.execute(update(store.outbox).values(**columns))
    home.store.close()


def test_no_channel_at_all(look: Any) -> None:
    assert "no channel is configured" in failures(look(ChannelsCheck))


def test_one_that_never_delivered(told: Home, look: Any) -> None:
    parts = look(ChannelsCheck)
    assert not failures(parts)
    assert "channel ops: has not delivered anything yet" in notes(parts)
    trial_alert.send(told, "ops", configured.channels(told)["ops"])
    (state,) = [part for part in look(ChannelsCheck) if part.part == "channel ops"]
    assert (state.level, state.says.partition(" alert ")[0]) == ("well", "took a test")


def test_one_that_delivers(told: Home, look: Any) -> None:
    put(told, state="delivered", done_at=told.now())
    assert [one.level for one in look(ChannelsCheck)] == ["well"]


def test_o2_alerts_that_wait_alerts_that_are_held_and_channels_that_do_not_deliver(
    told: Home, look: Any
) -> None:
    old = rfc3339(told.clock.now() - timedelta(hours=1))
    put(told, created_at=old, problem="the password is refused")
    found = failures(look(ChannelsCheck))
    assert "channel ops: 1 alerts wait" in found
    assert "the password is refused" in found
    put(told, state="held", problem="gone")
    assert "channel ops: does not deliver: 2 alerts wait: gone" in failures(look(ChannelsCheck))
    with told.store.write() as connection:
        row = {"channel": "ops", "since": old, "resume_at": "", "problem": "gone"}
        connection.execute(store.outage.insert().values(**row))
    assert f"channel ops: does not deliver since {old}: 2 alerts wait" in failures(look(ChannelsCheck))


@pytest.mark.parametrize(
    "section",
    [
        "[channels.ops]\n",
        '[channels.ops]\ntype = "pigeon"\n',
        '[channels.ops]\ntype = "file"\n',
        '[channels.ops]\ntype = "file"\npaht = "x"\n',
    ],
)
def test_settings_of_a_channel_that_cannot_be_used(home: Home, look: Any, section: str) -> None:
    (home.path / "trapline.toml").write_text(section)
    with pytest.raises(TraplineError):
        look(ChannelsCheck)
