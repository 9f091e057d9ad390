"""Events for programs: one canonical line each, nothing that its entries do not say."""

from __future__ import annotations

import json

from listener.dossier.case import Case
from listener.dossier.formats.ndjson import Ndjson


def test_each_event_is_one_line_of_what_its_entries_say(case: Case) -> None:
    [(name, content)] = Ndjson().files(case)
    text = b"".join(content).decode()
    assert name == "events/events.ndjson"
    assert text.count("\n") == 3
    events = [json.loads(line) for line in text.split("\n")[:-1]]
    for value, event in zip(events, case.events(), strict=True):
        assert value["observed"] == event.hit.body
        assert event.derived is not None
        assert value["derived"] == event.derived.body
        assert (value["index"], value["derived_index"]) == (event.hit.seq, event.derived.seq)
        assert value["id"] == event.hit.id
        assert set(value) == {"index", "id", "observed", "derived_index", "derived"}
