"""The scheduled check: what it finds is told once, and stands in ``status`` until it is mended."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import delete, select

from canaries.core import store
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from listener.health.ledger_watch import LedgerWatch, last
from listener.notify.channels import Alert
from listener.notify.row_codec import RowCodec

AT = "2026-11-22T12:00:00.000000Z"


@pytest.fixture
def sealed(home: Home) -> Home:
    with home.store.write() as connection:
        for _ in range(3):
            home.writer.record(connection, "noted", AT, "alice", {})
    LogSealer(home).seal_once()
    return home


def told(home: Home) -> list[Alert]:
    codec = RowCodec(home.keys.alerts)
    with home.store.read() as connection:
        rows = connection.execute(select(store.outbox)).all()
    return [alert for row in rows if (alert := codec.open(row.id, row.sealed))]


def test_a_sound_ledger_is_told_to_nobody(sealed: Home) -> None:
    assert LedgerWatch(sealed).look() == []
    assert told(sealed) == []
    with sealed.store.read() as connection:
        assert last(connection)[0]


def test_a_contradiction_is_told_once(sealed: Home) -> None:
    with sealed.store.write() as connection:
        connection.execute(delete(store.leaf).where(store.leaf.c.seq == 1))
    for _ in range(2):
        assert LedgerWatch(sealed).look() == ["the log has a gap: entry 1 is missing"]
    (alert,) = told(sealed)
    assert (alert.event, alert.note) == ("integrity", "the log has a gap: entry 1 is missing")


def test_it_runs_until_it_is_stopped(sealed: Home) -> None:
    stop = threading.Event()
    watch = LedgerWatch(sealed, first=0.0, seconds=0.0)
    look = watch.look

    def once() -> list[str]:
        stop.set()
        return look()

    watch.look = once  # type: ignore[method-assign]
    watch.run(stop)
    with sealed.store.read() as connection:
        assert last(connection)[0]
