"""The survey: counts of all events, rows and sheets within their bounds."""

from __future__ import annotations

import pytest

from listener.dossier.case import Case
from listener.dossier.formats import _survey
from listener.dossier.formats._survey import chosen_sheets, survey
from listener.incidents import uses


def test_everything_is_counted_once(case: Case) -> None:
    found = survey(case)
    assert [row.number for row in found.rows] == [1, 2, 3]
    assert (found.first, found.last) == ("2026-11-22T12:00:00.000000Z", "2026-11-22T12:00:02.000000Z")
    assert found.hours[6][12] == sum(map(sum, found.hours)) == 3, "it was a Sunday, at noon"
    [(name, use)] = found.sources
    assert name.startswith("AS64500 <script>")
    assert (use.uses, use.credentials, len(use.addresses)) == (3, 0, 3)
    assert (found.severities["medium"], found.clocks["ntp"], found.own) == (3, 3, 0)
    assert (found.versions, found.traps) == ({"0"}, {"http"})


def test_rows_sheets_and_networks_are_bounded(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    for room, name, value in (
        *((_survey, "ROWS", 1), (_survey, "SHEETS", 2)),
        *((uses, "NETWORKS", 0), (uses, "ADDRESSES", 1)),
    ):
        monkeypatch.setattr(room, name, value)
    found = survey(case)
    assert (len(found.rows), len(found.key_events), sum(map(sum, found.hours))) == (1, 2, 3)
    assert [(name, use.uses, len(use.addresses)) for name, use in found.sources] == [
        ("further networks", 3, 1)
    ]


def test_every_sort_of_event_has_a_sheet_before_a_second_one_of_any() -> None:
    assert chosen_sheets(["send", "send", "send", "export", "export", "login"], 4) == [0, 1, 3, 5]
    assert chosen_sheets(["a", "b", "c"], 2) == [0, 1]
    assert chosen_sheets([], 2) == []
