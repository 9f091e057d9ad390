"""A week is an ISO week in UTC; outcomes, full views and exports are entries."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.home import Home
from listener.lookups import review
from listener.lookups.listing import LookupFilter, lookups
from listener.lookups.people import PeopleMap
from tests.look_ups import line, take_in, watch

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


def test_weeks() -> None:
    found = review.week_filter("2026-w48", NOW)
    assert (found.since, found.until) == ("2026-11-23T00:00:00.000000Z", "2026-11-30T00:00:00.000000Z")
    assert review.week_before(NOW) == "2026-W53"
    assert review.week_filter("", NOW, "x") == LookupFilter(
        "2026-12-28T00:00:00.000000Z", "2027-01-04T00:00:00.000000Z", "x"
    )
    for wrong in ("2026-48", "2026-W54", "2026-W00", "0000-W01", "last"):
        with pytest.raises(TraplineError, match="week"):
            review.week_filter(wrong, NOW)


def test_outcomes_are_entries_and_the_newest_counts(home: Home) -> None:
    one, other = watch(home, "5", "6")
    take_in(home, line(one), line(other, user="clerk8"))
    ids = [found.id for found in lookups(home, LookupFilter(), PeopleMap({}))]
    assert review.record_outcome(home, [ids[0][:8], ids[0], ids[1][:8]], "asked", " by mail ") == ids
    review.record_outcome(home, [ids[1]], "escalated")
    outcomes = [found.outcome for found in lookups(home, LookupFilter(), PeopleMap({}))]
    assert [(said.found, said.note, said.by) for said in outcomes if said] == [
        ("asked", "by mail", home.operator),
        ("escalated", "", home.operator),
    ]
    with pytest.raises(NotFoundError):
        review.record_outcome(home, [ids[0], "0000"], "fine")
    with pytest.raises(TraplineError, match="not an outcome"):
        review.record_outcome(home, ids, "guilty")
    with pytest.raises(TraplineError, match="1000 characters"):
        review.record_outcome(home, ids, "fine", "x" * 1001)
    with home.store.read() as connection:
        assert len(list(home.reader.entries(connection, "setting"))) == 2


def test_an_export_is_an_entry_with_its_hash_or_nothing(home: Home, tmp_path: Path) -> None:
    out = tmp_path / "review.csv"
    review.export(home, out, b"content", "2026-W48", 3)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with pytest.raises(TraplineError, match="there already"):
        review.export(home, out, b"other", "2026-W48", 3)
    with pytest.raises(TraplineError, match="cannot be written"):
        review.export(home, tmp_path / "no" / "folder", b"", "2026-W48", 0)
    with pytest.raises(TraplineError, match="say why"):
        review.reveal(home, "list", 1, " ")
    review.reveal(home, "list", 1, "audit")
    with home.store.read() as connection:
        exported = [one.body for one in home.reader.entries(connection, "exported")]
        revealed = [one.body for one in home.reader.entries(connection, "revealed")]
    assert [(one["file"], one["count"], one["about"]) for one in exported] == [("review.csv", 3, "2026-W48")]
    assert [one["reason"] for one in revealed] == ["audit"]
