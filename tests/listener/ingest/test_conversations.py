"""A connection that has shown a canary stays recognised: before and after, across backs, bounded, once."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from canaries.core import clock, store
from canaries.installation.home import Home
from canaries.mint import minting
from canaries.mint.minting import Minted
from listener.evidence.sighting import Sighting
from listener.facts.derive import load
from listener.incidents import queries
from listener.incidents.model import Hit
from listener.ingest import conversations
from listener.ingest.intake import Intake
from tests.listener.ingest.test_intake import sighting


@pytest.fixture
def bait(any_home: Home) -> Minted:
    return next(iter(minting.mint(any_home, "redis-url")))


def said(number: int, *words: str, connection: int = 7, **changes: Any) -> Sighting:
    """A Redis command on one connection, a moment ago."""
    values = {
        "trap": "redis",
        "connection": connection,
        "observed_at": clock.micros() + number,
        "notes": {"request": "command", "command": list(words)},
    }
    return sighting(" ".join(words).encode(), number, **{**values, **changes})


def login(bait: Minted, number: int, **changes: Any) -> Sighting:
    return said(number, "AUTH", bait.bait.row["password"], **changes)


def intake(home: Home) -> Intake:
    return Intake(home, load(home))


def story(home: Home) -> list[Hit]:
    return sorted(queries.hits(home, parts=True), key=lambda hit: hit.entry.body["number"])


def test_what_came_before_and_what_comes_after_belongs_to_the_login(any_home: Home, bait: Minted) -> None:
    batch = [said(1, "HELLO"), login(bait, 2), said(3, "KEYS", "*"), said(4, "GET", "x", connection=8)]
    assert intake(any_home).ingest(batch, "s", 10) == 3
    before, root, after = story(any_home)
    assert (root.follows, root.entry.body.get("part")) == ("", None)
    assert [before.did, after.did] == ["HELLO", "KEYS *"]
    for act in (before, after):
        assert act.follows == root.id
        assert act.entry.body["part"] == "act"
        assert act.entry.body["facets"] == []
        assert (act.canary, act.incident) == (root.canary, root.incident)
        assert act.facts["verdict"]["event"] == "conversation"
    assert [hit.id for hit in queries.hits(any_home)] == [root.id]
    assert queries.incidents(any_home)[0].hits == 1


@pytest.mark.parametrize("killed_after", [1, 2, 3, 4])
def test_another_back_goes_on_with_it(any_home: Home, bait: Minted, killed_after: int) -> None:
    sightings = [said(1, "HELLO"), login(bait, 2), said(3, "KEYS", "*"), said(4, "INFO")]
    first, second = intake(any_home), intake(any_home)
    for number, one in enumerate(sightings, 1):
        (first if number <= killed_after else second).ingest([one], "s", number)
    _, root, *_ = found = story(any_home)
    assert [hit.did for hit in found] == ["HELLO", root.did, "KEYS *", "INFO"]
    assert {hit.follows for hit in found if hit is not root} == {root.id}


def test_a_batch_that_is_tried_again_is_taken_once(any_home: Home, bait: Minted) -> None:
    batch = [said(1, "HELLO"), login(bait, 2), said(3, "INFO")]
    taker = intake(any_home)
    for _ in range(2):
        taker.ingest(batch, "s", 10)
    intake(any_home).ingest(batch, "copied back", 10)
    assert len(story(any_home)) == 3


def test_a_connection_that_many_share_joins_nothing(any_home: Home, bait: Minted) -> None:
    via = {"how": "x-forwarded-for", "client": ["192.0.2.7", 0], "chain": []}
    intake(any_home).ingest([login(bait, 1, via=via), said(2, "INFO", via=via)], "s", 10)
    assert len(story(any_home)) == 1
    proxied = {"how": "proxy-protocol", "client": ["192.0.2.7", 99], "chain": []}
    changes: Any = {"via": proxied, "connection": 9}
    intake(any_home).ingest([login(bait, 3, **changes), said(4, "INFO", **changes)], "s", 20)
    assert len(story(any_home)) == 3


def test_two_canaries_of_one_connection_have_a_story_each(any_home: Home, bait: Minted) -> None:
    (other,) = minting.mint(any_home, "redis-url")
    batch = [login(bait, 1), said(2, "KEYS", "*"), login(other, 3), said(4, "INFO")]
    intake(any_home).ingest(batch, "s", 10)
    one, keys, two, info = story(any_home)
    assert (keys.follows, info.follows) == (one.id, two.id)
    assert (keys.canary, info.canary) == (bait.canary.id, other.canary.id)


def test_it_is_bounded(any_home: Home, bait: Minted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "MOST_ACTS", 5)
    monkeypatch.setattr(conversations, "MOST_WAITING", 3)
    batch = [said(number, "GET", f"k{number}") for number in range(1, 10)]
    batch += [login(bait, 10), *(said(number, "INFO") for number in range(11, 20))]
    intake(any_home).ingest(batch, "s", 10)
    acts = [hit.did for hit in story(any_home) if hit.follows]
    assert acts == ["GET k1", "GET k2", "GET k3", "INFO", "INFO"]
    with any_home.store.read() as connection:
        assert connection.execute(select(store.conversation.c.acts)).scalar_one() == 3 + 9, "all are counted"


def test_what_waits_is_bounded_altogether(any_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "_WAITING", 4)
    known = conversations.Conversations(any_home.store, clock.micros())
    for number in range(1, 11):
        draft = conversations.ConversationDraft(known)
        assert draft.take(said(number, "GET", connection=number), []) == []
        draft.commit()
    assert [known.get(("f1", number)) is not None for number in range(1, 11)] == [False] * 6 + [True] * 4


def test_what_ended_long_ago_is_forgotten(any_home: Home, bait: Minted) -> None:
    intake(any_home).ingest([login(bait, 1)], "s", 10)
    two_days = 2 * 86_400_000_000
    later = conversations.Conversations(any_home.store, clock.micros() + two_days)
    assert later.get(("f1", 7)) is None
    with any_home.store.read() as connection:
        assert connection.execute(select(func.count()).select_from(store.conversation)).scalar_one() == 0


def test_states_are_copied_before_they_change() -> None:
    state = conversations.ConversationState(waiting=(said(1, "A"),))
    copy = state.copy()
    copy.waiting, copy.acts = (), 3
    assert len(state.waiting) == 1
    assert dataclasses.replace(state).acts == 0
    assert msgspec.structs.asdict(state.waiting[0])["connection"] == 7


def test_a_connection_that_ended_long_ago_is_forgotten_while_the_back_runs(
    any_home: Home, bait: Minted
) -> None:
    running, two_days = intake(any_home), 2 * 86_400_000_000
    running.ingest([login(bait, 1)], "s", 1)
    running.ingest([login(bait, 2, connection=8, observed_at=clock.micros() + two_days)], "s", 2)
    with any_home.store.read() as connection:
        assert connection.execute(select(store.conversation.c.connection)).scalars().all() == [8]
    assert running.ingest([said(3, "INFO")], "s", 3) == 0, "nothing is known of its connection any more"
