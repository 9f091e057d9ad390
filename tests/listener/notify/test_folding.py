from __future__ import annotations

import dataclasses

from sqlalchemy import select, update

from canaries.core.store import outbox as table
from canaries.installation.home import Home
from listener.notify import folding
from listener.notify.channels import Alert
from listener.notify.outbox import later
from listener.notify.row_codec import RowCodec

NOW = "2026-11-22T12:00:00.000000Z"
SOON = later(NOW, 300)
ALERT = Alert(
    id="1" * 32,
    event="first",
    at=NOW,
    kind="url",
    severity="low",
    incident="aa",
    hits=2,
    first_at=NOW,
    last_at=NOW,
)


def fold(home: Home, *alerts: Alert, channel: str = "ops", now: str = NOW) -> None:
    with home.store.write() as connection:
        for alert in alerts:
            folding.fold(connection, home, channel, alert, later(now, 300), now)


def summaries(home: Home) -> list[Alert]:
    codec = RowCodec(home.keys.alerts)
    with home.store.read() as connection:
        rows = connection.execute(select(table).order_by(table.c.created_at, table.c.id)).all()
    return [alert for row in rows if (alert := codec.open(row.id, row.sealed)) is not None]


def test_counts_add_up_and_the_weightiest_are_named_first(any_home: Home) -> None:
    heavy = dataclasses.replace(ALERT, incident="zz", severity="critical", hits=5, last_at=later(NOW, 9))
    others = [dataclasses.replace(ALERT, incident=f"b{number}") for number in range(9)]
    fold(any_home, ALERT, ALERT, *others, heavy)
    (one,) = summaries(any_home)
    assert (one.event, one.hits, one.incidents, one.severity) == ("summary", 27, 11, "critical")
    assert (one.first_at, one.last_at) == (NOW, later(NOW, 9))
    assert one.note.splitlines()[0] == "zz: CRITICAL: url used"
    assert len(one.note.splitlines()) == folding.NAMED


def test_each_channel_has_a_message_of_its_own(home: Home) -> None:
    fold(home, ALERT)
    fold(home, ALERT, channel="mail")
    assert [one.hits for one in summaries(home)] == [2, 2]


def test_what_has_begun_to_go_out_takes_no_more(home: Home) -> None:
    fold(home, ALERT)
    with home.store.write() as connection:
        connection.execute(update(table).values(attempts=1))
    fold(home, ALERT)
    fold(home, ALERT, now=later(NOW, 400))
    assert sorted(one.hits for one in summaries(home)) == [2, 2, 2]


def test_a_replaced_key_begins_a_new_message_and_overwrites_none(home: Home) -> None:
    fold(home, ALERT)
    (home.path / "keys" / "alerts").write_text("11" * 32)
    fresh = Home.open(home.path)
    fold(fresh, ALERT)
    with fresh.store.read() as connection:
        assert len(connection.execute(select(table)).all()) == 2
    fresh.store.close()
