"""Entries of other cases that a case needs: exports that held its canaries."""

from __future__ import annotations

from typing import Any

from listener.dossier.collect import scope_of
from listener.dossier.related import OF_AN_EXPORT, related


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
    assert found == {own: OF_AN_EXPORT}
    assert other not in found
