"""The casebook: every hit once and in order, whole or filtered, and incidents with what was written about them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import update

from canaries.core import store
from canaries.core.errors import LedgerError, NotFoundError
from canaries.core.model import Canary
from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.incidents import operator_acts, queries

Strike = Callable[..., str]


def minted(home: Home, memo: str = "wiki") -> Canary:
    return next(iter(mint(home, "url", memo=memo))).canary


def test_a_hit_with_its_facts(any_home: Home, strike: Strike) -> None:
    canary = minted(any_home)
    hit_id = strike(any_home, canary, ip="8.8.8.8", port=40002)
    (hit,) = queries.hits(any_home)
    assert (hit.id, hit.canary, hit.kind, hit.facet, hit.trap) == (hit_id, canary.id, "url", "path", "http")
    assert (hit.ip, hit.port, hit.observed_at) == ("8.8.8.8", 40002, "2026-11-22T12:00:00.000000Z")
    assert hit.facts["network"]["asn"] == 15169
    assert hit.entry.kind == "hit"
    assert hit.derived is not None
    assert hit.derived.body["incident"] == hit.incident
    assert queries.one(any_home, hit_id) == hit
    token = canary.tokens[0].value
    assert (queries.raw(any_home, hit_id) or b"").startswith(f"GET /{token}/q HTTP/1.1\r\n".encode())
    with pytest.raises(NotFoundError):
        queries.one(any_home, "0" * 32)
    assert queries.raw(any_home, "0" * 32) is None


def test_filters_and_positions(home: Home, strike: Strike) -> None:
    one, other = minted(home, "one"), minted(home, "other")
    ids = [strike(home, canary, ip=f"192.0.2.{n}") for n, canary in enumerate((one, other, one, one))]
    assert [hit.id for hit in queries.hits(home)] == ids == sorted(ids)
    assert [hit.id for hit in queries.hits(home, canary=one.id)] == [ids[0], ids[2], ids[3]]
    assert [hit.id for hit in queries.hits(home, canary=one.id, after_id=ids[0], limit=1)] == [ids[2]]
    assert list(queries.hits(home, limit=0)) == []
    incident = next(queries.hits(home, canary=other.id)).incident
    assert [hit.id for hit in queries.hits(home, incident=incident)] == [ids[1]]
    assert [hit.id for hit in queries.newest(home, 2)] == ids[2:]
    assert [hit.id for hit in queries.newest(home, 9, canary=other.id)] == [ids[1]]


def test_more_hits_than_a_chunk(home: Home, strike: Strike, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_CHUNK", 2)
    canary = minted(home)
    ids = [strike(home, canary) for _ in range(5)]
    assert [hit.id for hit in queries.hits(home)] == ids
    assert [hit.id for hit in queries.hits(home, limit=3)] == ids[:3]


def test_an_erased_hit_is_left_out_and_stops_nothing(home: Home, strike: Strike) -> None:
    canary = minted(home)
    ids = [strike(home, canary) for _ in range(3)]
    with home.store.write() as connection:
        connection.execute(update(store.entry).where(store.entry.c.id == ids[1]).values(sealed=None))
        connection.execute(update(store.raw).where(store.raw.c.entry_id == ids[1]).values(sealed=None))
    assert [hit.id for hit in queries.hits(home)] == [ids[0], ids[2]]
    assert [hit.id for hit in queries.hits(home, limit=2)] == [ids[0], ids[2]]
    assert queries.raw(home, ids[1]) is None


def test_a_changed_record_is_never_read_out(home: Home, strike: Strike) -> None:
    first, second = (strike(home, minted(home)) for _ in range(2))
    with home.store.write() as connection:
        sealed = connection.execute(store.entry.select().where(store.entry.c.id == first)).one().sealed
        connection.execute(update(store.entry).where(store.entry.c.id == second).values(sealed=sealed))
    with pytest.raises(LedgerError):
        list(queries.hits(home))


def test_following_sees_each_hit_once_even_one_that_commits_late(home: Home, strike: Strike) -> None:
    canary = minted(home)
    ids = [strike(home, canary) for _ in range(2)]

    def commits_late() -> None:
        """A hit whose id another process drew three seconds before the newest one that was shown."""
        last = strike(home, canary)
        early = f"{int(ids[0][:12], 16) - 3000:012x}{last[12:]}"
        entry = queries.one(home, last).entry
        with home.store.write() as connection:
            home.writer.append(connection, [("hit", early, entry.at, entry.by, entry.body)])
            connection.execute(update(store.hit).where(store.hit.c.id == last).values(id=early))
        ids.append(early)

    steps = iter((commits_late, lambda: ids.append(strike(home, canary)), lambda: None))

    def wait() -> bool:
        step = next(steps, None)
        if step is not None:
            step()
        return step is None

    assert [hit.id for hit in queries.follow(home, wait)] == ids


def test_an_incident_with_all_that_was_written(any_home: Home, strike: Strike) -> None:
    one, other = minted(any_home), minted(any_home)
    strike(any_home, one)
    strike(any_home, other, at="2026-11-22T13:00:00.000000Z")
    strike(any_home, one, at="2026-11-22T14:00:00.000000Z")
    (found,) = queries.incidents(any_home)
    assert (found.hits, found.state, found.canaries) == (3, "open", (one.id, other.id))
    assert (found.opened_at, found.last_at) == ("2026-11-22T12:00:00.000000Z", "2026-11-22T14:00:00.000000Z")
    operator_acts.note(any_home, found.id, "first")
    operator_acts.assess(
        any_home, found.id, "A leak.", "likely", "low", ["a test"], because="little is known"
    )
    operator_acts.close(any_home, found.id)
    with any_home.store.write() as connection:  # what concerns no incident is no note of one
        any_home.writer.record(connection, "noted", any_home.now(), "bob", {"text": "elsewhere"})
    read = queries.incident(any_home, found.id[:5])
    assert [(note.text, note.state) for note in read.notes] == [("first", ""), ("", "closed")]
    (judgement,) = read.assessments
    assert (judgement.statement, judgement.band, judgement.alternatives) == (
        "A leak.",
        "55-80 %",
        ("a test",),
    )
    assert read.state == "closed"
    assert queries.incidents(any_home) == [read]


def test_no_hits_no_incidents(home: Home) -> None:
    assert list(queries.hits(home)) == []
    assert queries.incidents(home) == []
    assert list(queries.newest(home, 5)) == []
