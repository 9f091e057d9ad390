"""The nouns of health."""

from __future__ import annotations

import json

from listener.health.state import HealthReport, failing, note, well


def test_a_note_leaves_it_well_and_a_failure_does_not() -> None:
    fine = HealthReport("now", (well("a", "runs"), note("b", "look")))
    assert fine.well
    assert fine.summary() == "well"
    bad = HealthReport("now", (well("a", "runs"), failing("b", "it has stopped", "start it")))
    assert not bad.well
    assert bad.summary() == "b: it has stopped"
    assert json.loads(json.dumps(bad.as_dict()))["parts"][1]["hint"] == "start it"
