"""What others say was there: hits of alerts, numbers of fronts, what a judgement rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection

from canaries.installation.home import Home
from canaries.ledger.absences import MOST, Absences
from canaries.ledger.entries import Entry, canonical
from canaries.ledger.merkle import leaf_hash

AT = "2026-11-22T12:00:00.000000Z"


def entry(kind: str, **body: Any) -> Entry:
    line = canonical(body)
    return Entry("0", kind, AT, "x", body, line, 0, leaf_hash(line))


@pytest.fixture
def connection(home: Home) -> Iterator[Connection]:
    """A ledger without entries."""
    with home.store.read() as connection:
        yield connection


def batch(front: str, first: int, last: int) -> dict[str, Any]:
    return {"front": front, "first": first, "last": last}


def test_a_hit_that_an_alert_told_of_is_there_or_named(connection: Connection) -> None:
    absences, hit = Absences({}), entry("hit", n=1)
    digest = hit.leaf
    absences.see(entry("alerted", leaves=[digest.hex(), "00" * 32]))
    absences.see(hit)
    (sentence,) = absences.found(connection)
    assert "00" * 32 in sentence


def test_an_erased_hit_s_hash_counts(connection: Connection) -> None:
    absences = Absences({})
    absences.see(entry("alerted", leaves=["00" * 32]))
    absences.see_hash("hit", bytes(32))
    assert absences.found(connection) == []


def test_a_front_s_numbers_have_no_gap(connection: Connection) -> None:
    absences = Absences({})
    absences.see(entry("received", batches=[batch("a", 1, 4), batch("b", 1, 1)]))
    absences.see(entry("received", batches=[batch("a", 5, 5), batch("b", 4, 9), batch("a", 6, 7)]))
    (sentence,) = absences.found(connection)
    assert "front b" in sentence
    assert "numbers 2 to 3" in sentence


def test_a_segment_that_comes_again_is_no_gap(connection: Connection) -> None:
    absences = Absences({})
    for first, last in ((1, 9), (1, 9), (10, 10)):
        absences.see(entry("received", batches=[batch("a", first, last)]))
    assert absences.found(connection) == []


def test_only_so_many_sentences_are_kept(connection: Connection) -> None:
    absences = Absences({})
    absences.see(entry("alerted", leaves=[f"{n:064x}" for n in range(MOST + 50)]))
    assert len(absences.found(connection)) == MOST


def test_a_message_that_was_kept_is_held_against_the_log(connection: Connection) -> None:
    (sentence,) = Absences({"ab" * 32: "mail.txt"}).found(connection)
    assert sentence.startswith("mail.txt told of the hit")


def test_a_start_that_differs_was_told_or_is_named(connection: Connection) -> None:
    starts = [entry("started", version=version) for version in ("1", "1", "2", "3")]
    absences = Absences({})
    for one in (*starts[:3], entry("setting", section="started", changed=["version"]), starts[3]):
        absences.see(one)
    (sentence,) = absences.found(connection)
    assert "nobody was told" in sentence


def test_what_a_judgement_rests_on_is_there_or_named(any_home: Home) -> None:
    absences = Absences({})
    with any_home.store.write() as connection:
        there = any_home.writer.record(connection, "noted", any_home.now(), "alice", {"text": "x"})
        for kind in ("assessed", "noted"):
            absences.see(entry(kind, evidence=[there, f"ghost of the {kind}"]))
        found = absences.found(connection)
    assert [sentence.partition(" rests on ")[2] for sentence in found] == [
        "'ghost of the assessed', which is not in the ledger",
        "'ghost of the noted', which is not in the ledger",
    ]
