from __future__ import annotations

import pytest
from sqlalchemy import select, update

from canaries.core.errors import NotFoundError, TraplineError
from canaries.core.store import outbox as table
from canaries.installation.home import Home
from listener.notify import folding, operator_retries, outages, outbox
from listener.notify.channels import Alert
from listener.notify.row_codec import RowCodec

NOW = "2026-11-22T12:00:00.000000Z"
LATE = "2099-01-01T00:00:00.000000Z"


def stuck(home: Home, channel: str, state: str) -> None:
    """One alert of each sort that does not go out."""
    alert = Alert(id="1" * 32, event="first", at=NOW, kind="url", incident="aa", hits=3)
    codec = RowCodec(home.keys.alerts)
    with home.store.write() as connection:
        home.store.bulk(connection, table, [codec.row(channel, alert, NOW, LATE)])
        folding.fold(connection, home, channel, alert, LATE, NOW)
        connection.execute(update(table).where(table.c.channel == channel).values(state=state))
        outages.failed(connection, home, channel, NOW, NOW, "no", LATE)


@pytest.mark.parametrize("state", ["waiting", "held"])
def test_trying_again_makes_everything_due_and_ends_the_pause(any_home: Home, state: str) -> None:
    stuck(any_home, "ops", state)
    stuck(any_home, "mail", state)
    folded = 1 if state == "held" else 0  # what is still being gathered goes at its own time
    assert operator_retries.retry(any_home, "ops") == 1 + folded
    now = any_home.now()
    with any_home.store.read() as connection:
        assert outbox.ready(connection, "ops", now)
        assert not outages.paused(connection, "ops", now)
        assert not outbox.ready(connection, "mail", now)
        assert outages.paused(connection, "mail", now)
    assert operator_retries.retry(any_home) == 2 + folded


def test_an_unknown_channel_is_refused(home: Home) -> None:
    with pytest.raises(NotFoundError, match="no channel called 'pager'"):
        operator_retries.retry(home, "pager")


def test_o2_giving_up_erases_the_content_and_leaves_an_entry_each(any_home: Home) -> None:
    stuck(any_home, "ops", "held")
    with pytest.raises(TraplineError, match="needs a reason"):
        operator_retries.give_up(any_home, "ops", " ")
    assert operator_retries.give_up(any_home, "ops", "a drill") == 2
    with any_home.store.read() as connection:
        rows = connection.execute(select(table)).all()
        bodies = [entry.body for entry in any_home.reader.entries(connection, "alert-failed")]
    assert {(row.state, row.sealed, row.progress) for row in rows} == {("failed", None, None)}
    assert {(body["reason"], body["channel"]) for body in bodies} == {("a drill", "ops")}
    assert sum(body["hits"] for body in bodies) == 6
    assert operator_retries.give_up(any_home, "ops", "again") == 0
