"""The case as formats see it: streamed, complete, and never more than its own."""

from __future__ import annotations

from typing import Any

from listener.dossier.case import Case
from tests.entry_lines import leaf_of


def test_events_pair_each_hit_with_its_facts_oldest_first(story: Any, case: Case) -> None:
    events = list(case.events())
    assert tuple(event.hit.id for event in events) == story.hits
    for event in events:
        value = event.as_dict()
        assert value["observed"] == event.hit.body
        assert event.derived is not None
        assert (value["derived"]["hit"], value["derived_index"]) == (event.hit.id, event.derived.seq)


def test_leaves_are_the_whole_log_and_what_is_disclosed_is_marked(case: Case) -> None:
    leaves, disclosed = list(case.leaves()), list(case.disclosed())
    assert [leaf.seq for leaf in leaves] == list(range(case.head.checkpoint.size))
    assert [leaf.hash for leaf in leaves if leaf.status == "disclosed"] == list(map(leaf_of, disclosed))
    assert {leaf.status for leaf in leaves} == {"disclosed", "withheld:other-matter"}


def test_raw_requests_come_once_a_hit(story: Any, case: Case) -> None:
    found = dict(case.raw_requests())
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
