"""What a case is made of, as the formats read it."""

from __future__ import annotations

from canaries.ledger.entries import Entry
from listener.dossier.case_records import CaseCanary, Event

HIT = Entry("1", "hit", "t", "listener", {"canary": "c"}, b"", 4)


def test_an_event_without_facts_says_so() -> None:
    event = Event(HIT, None)
    assert event.facts == {}
    assert event.as_dict() == {
        "index": 4, "id": "1", "observed": {"canary": "c"}, "derived_index": None, "derived": None,
    }  # fmt: skip


def test_what_is_held_back_is_named_where_there_is_something() -> None:
    assert Event(HIT, None, ("content",)).as_dict()["held_back"] == ["content"]


def test_a_canary_s_record_is_its_line() -> None:
    assert CaseCanary("c", b'{"kind":"url"}', "m", "").record == {"kind": "url"}
