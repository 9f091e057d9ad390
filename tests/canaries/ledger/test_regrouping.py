"""The later move counts, in log order; what is not sealed yet comes last."""

from __future__ import annotations

from canaries.installation.home import Home
from canaries.ledger.regrouping import moved, regroupings
from canaries.ledger.sealer import LogSealer

AT = "2026-11-22T12:00:00.000000Z"


def move(home: Home, hit: str, into: str) -> None:
    body = {"act": "split", "incident": "a", "into": into, "hits": [hit], "leaves": ["00"], "text": "why"}
    with home.store.write() as connection:
        home.writer.record(connection, "regrouped", AT, "alice", body)


def test_the_last_move_of_a_hit_counts(home: Home) -> None:
    move(home, "1", "b")
    move(home, "2", "b")
    LogSealer(home).seal_once()
    move(home, "1", "c")
    with home.store.read() as connection:
        found = regroupings(connection, home.reader)
    assert [entry.seq for entry in found] == [0, 1, None]
    assert moved(found) == {"1": "c", "2": "b"}
