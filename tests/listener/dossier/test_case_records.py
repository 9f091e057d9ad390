"""What a case is made of, as the formats read it."""

from __future__ import annotations

import json

import pytest

from canaries.ledger.entries import Entry, canonical
from listener.dossier.case_records import CaseCanary, Event

HIT = Entry("1", "hit", "t", "listener", {"canary": "c"}, b"", 4)


def test_an_event_without_facts_says_so() -> None:
    event = Event(HIT, None)
    assert event.facts == {}
    assert json.loads(event.text.line) == {
        "index": 4, "id": "1", "observed": {"canary": "c"}, "derived_index": None, "derived": None,
    }  # fmt: skip


def test_what_is_held_back_is_named_where_there_is_something() -> None:
    assert json.loads(Event(HIT, None, ("content",)).text.line)["held_back"] == ["content"]


@pytest.mark.parametrize("held", [(), ("content", "by")])
@pytest.mark.parametrize(
    "derived", [None, Entry("2", "derived", "t", "listener", {"hit": 'a"\u202e'}, b"", 5)]
)
def test_a_line_is_canonical_json(derived: Entry | None, held: tuple[str, ...]) -> None:
    line = Event(HIT, derived, held).text.line
    assert line == canonical(json.loads(line))


def test_a_canary_s_record_is_its_line() -> None:
    assert CaseCanary("c", b'{"kind":"url"}', "m", "").record == {"kind": "url"}
