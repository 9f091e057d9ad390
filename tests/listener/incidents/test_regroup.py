"""Splitting and merging: an entry each, the index follows, the ledger still verifies, nothing half-done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from canaries.core import store
from canaries.core.errors import LedgerError, NotFoundError, TraplineError
from canaries.installation.home import Home
from canaries.ledger.entries import draft
from canaries.ledger.verification import verify
from canaries.mint.minting import mint
from listener.incidents import queries
from listener.incidents.regroup import merge, split
from tests.operators import enrol

AT = "2026-11-22T12:00:00.000000Z"


@pytest.fixture
def case(home: Home, strike: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three hits of one incident."""
    monkeypatch.setenv("TRAPLINE_OPERATOR", "alice")
    canary = next(iter(mint(home, "url"))).canary
    return [strike(home, canary, agent=f"curl/{number}") for number in range(3)]


def incidents(home: Home) -> dict[str, tuple[int, str]]:
    return {one.id: (one.hits, one.state) for one in queries.incidents(home)}


def entries(home: Home) -> list[dict[str, Any]]:
    with home.store.read() as connection:
        return [entry.body for entry in home.reader.entries(connection, "regrouped")]


def test_a_split_is_an_entry_and_the_index_follows(home: Home, case: list[str]) -> None:
    old = queries.one(home, case[0]).incident
    new = split(home, old[:6], [case[1]], "another visitor")
    assert incidents(home) == {old: (2, "open"), new: (1, "open")}
    assert [hit.id for hit in queries.hits(home, incident=new)] == [case[1]]
    (body,) = entries(home)
    assert (body["act"], body["incident"], body["into"], body["hits"]) == ("split", old, new, [case[1]])
    assert body["text"] == "another visitor"
    assert len(body["leaves"][0]) == 64
    assert verify(home).opened


def test_a_merge_empties_and_closes_the_other(home: Home, case: list[str]) -> None:
    old = queries.one(home, case[0]).incident
    new = split(home, old, [case[1], case[2]], "tried")
    assert merge(home, old, new, "one visitor after all") == old
    assert incidents(home) == {old: (3, "open"), new: (0, "closed")}
    assert verify(home).opened
    assert {link.incident for link in queries.incident(home, old).see_also} == set()


def test_what_a_split_leaves_apart_is_named_as_a_weak_link(home: Home, case: list[str]) -> None:
    old = queries.one(home, case[0]).incident
    new = split(home, old, [case[1]], "another visitor")
    links = queries.incident(home, old).see_also
    assert {link.incident for link in links} == {new}
    assert any("source address" in link.why for link in links)
    assert any("canary" in link.why for link in links)


def test_a_row_that_is_moved_without_an_entry_is_noticed(home: Home, case: list[str]) -> None:
    new = split(home, queries.one(home, case[0]).incident, [case[1]], "why")
    with home.store.write() as connection:
        connection.execute(update(store.hit).where(store.hit.c.id == case[2]).values(incident_id=new))
    with pytest.raises(LedgerError, match="has the facts or the incident of another"):
        verify(home)


def test_a_row_that_is_moved_by_an_entry_in_a_colleagues_name_is_noticed(home: Home, case: list[str]) -> None:
    """Whoever has the database writes both, but cannot sign."""
    old = queries.one(home, case[0]).incident
    new = split(home, old, [case[1]], "why")
    (body,) = entries(home)
    enrol(home, "alice", "bob")
    forged = draft("regrouped", AT, "bob", {**body, "hits": [case[2]]})
    with home.store.write() as connection:
        home.writer.put(connection, forged)
        connection.execute(update(store.hit).where(store.hit.c.id == case[2]).values(incident_id=new))
    with pytest.raises(LedgerError, match="has the facts or the incident of another"):
        verify(home)


@pytest.mark.parametrize(
    ("wanted", "reason", "error"),
    [
        (lambda hits: hits, "why", "these are all hits"),
        (lambda hits: hits[:1], " ", "say why"),
        (lambda hits: ["zz"], "why", "the id of neither"),
        (lambda hits: ["%%%%"], "why", "the id of neither"),
        (lambda hits: ["0000000000"], "why", "has no hit and no canary"),
        (lambda hits: [hits[0][:6]], "why", "more than one hit begins with"),
    ],
)
def test_a_split_that_cannot_be_writes_nothing(
    home: Home, case: list[str], wanted: Callable[[list[str]], list[str]], reason: str, error: str
) -> None:
    before = incidents(home)
    with pytest.raises((TraplineError, NotFoundError), match=error):
        split(home, next(iter(before)), wanted(case), reason)
    assert incidents(home) == before
    assert not entries(home)


def test_an_incident_is_not_merged_with_itself(home: Home, case: list[str]) -> None:
    only = next(iter(incidents(home)))
    with pytest.raises(TraplineError, match="with itself"):
        merge(home, only, only[:5], "why")
