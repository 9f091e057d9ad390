"""Entries of other cases that a case needs: exports that held its canaries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from canaries.ledger.entries import Draft, draft
from listener.dossier.collect import scope_of
from listener.dossier.related import NOTHING, OF_AN_EXPORT, related


def test_exports_of_other_cases_count_where_they_held_a_canary_of_this_one(story: Any) -> None:
    home, at = story.home, "2026-11-22T13:00:00.000000Z"
    body = {"what": "dossier", "incident": "f" * 16}
    with home.store.write() as connection:
        own, other, mine = (
            home.writer.record(connection, "exported", at, "fred", body | {"canaries": canaries})
            for canaries in ([story.canary], [story.other], [story.canary])
        )
    with home.store.read() as connection:
        found = dict(related(connection, home, scope_of(home, story.incident, None), {mine}))
    assert found == {own: OF_AN_EXPORT | {"canary.0"}}
    assert other not in found


def test_an_export_whose_open_part_names_its_case_shows_nothing(story: Any) -> None:
    home, body = story.home, {"what": "dossier", "incident": "f" * 16, "canaries": [story.canary]}
    with home.store.write() as connection:
        home.writer.put(connection, of_before(body))
    with home.store.read() as connection:
        found = dict(related(connection, home, scope_of(home, story.incident, None), set()))
    assert list(found.values()) == [NOTHING]


def of_before(body: dict[str, Any]) -> Draft:
    """An export as it was written before its case was a part of its own."""
    made = draft("noted", "2026-11-22T13:00:00.000000Z", "ulf", body)
    first = made.parts[0].replace(b'"noted"', b'"exported"')
    return replace(made, kind="exported", parts=(first, *made.parts[1:]))
