"""Incidents a page at a time."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from canaries.core import store
from canaries.core.errors import TraplineError
from canaries.installation.home import Home
from listener.incidents import listing


def put(home: Home, number: int, state: str = "open", last: str = "") -> str:
    at = last or f"2026-11-{number:02d}T00:00:00.000000Z"
    row = {"id": f"{number:016x}", "opened_at": at, "last_at": at, "hits": 1, "state": state}
    with home.store.write() as connection:
        connection.execute(insert(store.incident).values(**row))
    return str(row["id"])


def test_pages_follow_each_other_newest_first(home: Home) -> None:
    made = [put(home, number) for number in range(1, 8)]
    made.append(put(home, 8, last="2026-11-07T00:00:00.000000Z"))  # the same moment as the seventh
    shown: list[str] = []
    after = ""
    while True:
        found, after = listing.page(home, after=after, size=3)
        shown += [one.id for one in found]
        if not after:
            break
    assert shown == [made[7], *reversed(made[:7])]


def test_only_those_in_a_state(home: Home) -> None:
    shut = put(home, 1, "closed")
    still = put(home, 2)
    assert [one.id for one in listing.page(home, state="open")[0]] == [still]
    assert [one.id for one in listing.page(home, state="closed")[0]] == [shut]
    assert listing.page(home)[0][0].canaries == ()
    assert listing.quiet_until(home, still) == ""


@pytest.mark.parametrize("rubbish", ["x", "2026-01-01T00:00:00.000000Z,", "' OR 1=1"])
def test_a_position_that_is_none_is_refused(home: Home, rubbish: str) -> None:
    with pytest.raises(TraplineError, match="no place in the list"):
        listing.page(home, after=rubbish)
