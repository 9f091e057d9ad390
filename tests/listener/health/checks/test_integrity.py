"""``integrity`` in ``status``: not checked, sound, or what is wrong."""

from __future__ import annotations

from sqlalchemy import delete

from canaries.core import store
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from listener.health.checks import View
from listener.health.checks.integrity import IntegrityCheck
from listener.health.ledger_watch import LedgerWatch
from listener.health.state import Level

AT = "2026-11-22T12:00:00.000000Z"


def look(home: Home) -> list[tuple[Level, str]]:
    return [(part.level, part.says) for part in IntegrityCheck().look(View(home, home.clock.now()))]


def test_it_says_what_the_last_check_found(home: Home) -> None:
    assert [level for level, _ in look(home)] == [Level.NOTE]
    with home.store.write() as connection:
        home.writer.record(connection, "noted", AT, "alice", {})
        home.writer.record(connection, "noted", AT, "alice", {})
    LogSealer(home).seal_once()
    LedgerWatch(home).look()
    assert [level for level, _ in look(home)] == [Level.WELL]
    with home.store.write() as connection:
        connection.execute(delete(store.leaf).where(store.leaf.c.seq == 0))
    LedgerWatch(home).look()
    assert look(home) == [(Level.FAILING, "the log has a gap: entry 0 is missing")]
