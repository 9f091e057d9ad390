"""The briefing of a case: from its own entries alone."""

from __future__ import annotations

from listener.dossier.case import Case
from listener.dossier.case_briefing import brief_event


def test_it_knows_memo_place_source_and_request_of_the_cases_own_entries(case: Case) -> None:
    event = min(case.events(), key=lambda one: one.body["observed_at"])
    told = brief_event(case, event)
    assert told.headline.startswith("MEDIUM: url used (memo <script>")
    assert told.place == "/srv"
    assert told.source.startswith("203.0.113.0 port 40000 (offline data: AS64500")
    assert told.did.startswith("GET /0/x; client claims <script>")
    assert told.when == "2026-11-22 12:00:00 UTC"


def test_a_canary_whose_record_was_erased_still_has_its_kind_and_place(case: Case) -> None:
    event = next(iter(case.events()))
    case.baits = ()
    told = brief_event(case, event)
    assert told.headline == "MEDIUM: url used (/srv)"
