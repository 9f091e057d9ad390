"""The case as formats see it: streamed, complete, and never more than its own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from canaries.core import store
from canaries.core.errors import LedgerError
from canaries.ledger.sealer import LogSealer
from listener.dossier.case import Case
from listener.dossier.collect import collect, scope_of
from listener.dossier.versions import VERSIONS
from tests.entry_lines import leaf_of


def test_events_pair_each_hit_with_its_facts_oldest_first(story: Any, case: Case) -> None:
    events = list(case.events())
    assert tuple(event.hit.id for event in events) == story.hits
    for event in events:
        value = json.loads(event.text.line)
        assert value["observed"] == event.hit.body
        assert event.derived is not None
        assert (value["derived"]["hit"], value["derived_index"]) == (event.hit.id, event.derived.seq)


@pytest.mark.parametrize("name", sorted(VERSIONS))
def test_events_are_written_out_as_they_are_read(story: Any, name: str) -> None:
    scope = scope_of(story.home, story.incident, None)
    case = collect(story.home, scope, version=VERSIONS[name])
    case.addressed = frozenset(story.hits[:1])
    texts = list(case.texts())
    assert [text.id for text in texts] == list(story.hits)
    assert texts == [event.text for event in case.events()]
    assert all(text.held_back for text in texts) == (name in ("provider", "publication"))


def test_of_an_entry_of_other_cases_the_story_has_the_parts_that_are_shown(story: Any) -> None:
    """An export of another case that held a canary of this one, and others."""
    body = {"what": "dossier", "incident": "f" * 16, "canaries": [story.canary, story.other]}
    with story.home.store.write() as connection:
        made = story.home.writer.record(connection, "exported", "2026-11-22T13:00:00.000000Z", "fred", body)
    LogSealer(story.home).seal_once()
    LogSealer(story.home).checkpoint()
    case = collect(story.home, scope_of(story.home, story.incident, None))
    (entry,) = [one for one in case.story if one.id == made]
    assert story.canary in str(entry.body)
    assert story.other not in str(entry.body)
    assert "f" * 16 not in str(entry.body)


def test_facts_that_are_not_under_the_head_are_none(case: Case) -> None:
    [first, *_] = texts = list(case.texts())
    assert first.derived_index is not None
    [signed] = [one for one in case._signed if one is case.head]
    case._signed = [replace(signed, checkpoint=replace(signed.checkpoint, size=first.derived_index))]
    late = [event.text for event in case.events()]
    assert list(case.texts()) == late
    assert late != texts
    assert (late[0].derived_index, late[0].derived) == (None, b"null")


def test_leaves_are_the_whole_log_and_what_is_disclosed_is_marked(case: Case) -> None:
    leaves, disclosed = list(case.leaves), list(case.disclosed())
    assert case.disclosed_places == [leaf.seq for leaf in leaves if leaf.status == "disclosed"]
    assert [leaf.seq for leaf in leaves] == list(range(case.head.checkpoint.size))
    assert [leaf.hash for leaf in leaves if leaf.status == "disclosed"] == list(map(leaf_of, disclosed))
    assert {leaf.status for leaf in leaves} == {"disclosed", "withheld:other-matter"}


def test_raw_bytes_that_another_put_in_are_not_handed_over(story: Any, case: Case) -> None:
    """The vault's public key and a database login are enough to seal others in their place."""
    hit, raw = story.hits[1], store.raw
    box = story.home.writer.seal(b"GET /another HTTP/1.1\r\n\r\n", hit)
    with story.home.store.write() as connection:
        connection.execute(update(raw).where(raw.c.entry_id == hit).values(sealed=box))
    with pytest.raises(LedgerError, match=f"the raw bytes of hit {hit} are not those"):
        list(case.raw_requests())


def test_raw_requests_come_once_a_hit(story: Any, case: Case) -> None:
    found = {one.hit: one.content for one in case.raw_requests()}
    assert set(found) == set(story.hits)
    assert found[story.hits[1]] == case.raw(story.hits[1])
    assert (found[story.hits[1]] or b"").startswith(b"GET /1/x ")


def test_the_story_leaves_hits_and_facts_out(case: Case) -> None:
    assert [entry.kind for entry in case.story].count("minted") == 1
    assert not {"hit", "derived"} & {entry.kind for entry in case.story}


def test_each_place_lies_between_two_checkpoints(case: Case) -> None:
    for seq in range(case.head.checkpoint.size):
        before, after = case.sealed_between(seq)
        assert after.checkpoint.size > seq
        assert before is None or before.checkpoint.size <= seq
    assert case.sealed_between(0)[0] is None
