"""Pages of look-ups: newest first, each once, whatever is filtered; a page opens no more than its bound."""

from __future__ import annotations

import pytest

from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from canaries.operators.erasure import erase
from listener.lookups import browsing
from listener.lookups.listing import LookupFilter, lookups
from listener.lookups.people import PeopleMap
from tests.look_ups import line, take_in, watch


def walked(home: Home, wanted: LookupFilter, size: int) -> list[list[str]]:
    """Ids, a list a page."""
    found, after = [], ""
    while True:
        look = browsing.page(home, wanted, after=after, size=size)
        found.append([one.id for one in look.found])
        after = look.after
        if not after:
            return found


@pytest.fixture
def ids(home: Home) -> list[str]:
    """Of seven look-ups, oldest first: two at the same time, two by another person, three with a reason."""
    first, second = watch(home, "5", "6")
    at = [f"2026-11-{day}T08:00:00+00:00" for day in (20, 21, 22, 23, 23, 24, 25)]
    for number, when in enumerate(at):
        user = "clerk8" if number in (1, 5) else "clerk7"
        said = {"began": when, "user": user, "query": f"SELECT {number}"}
        said |= {"reason": "case 1"} if number % 2 else {}
        take_in(home, line(first, **said), *([line(second, **said)] if number == 2 else []))
    return [one.id for one in lookups(home, LookupFilter(), PeopleMap({}))]


def test_pages_hold_each_once_newest_first(home: Home, ids: list[str]) -> None:
    for size in (1, 2, 3, 7, 50):
        pages = walked(home, LookupFilter(), size)
        flat = [one for page in pages for one in page]
        assert sorted(flat) == sorted(ids)
        assert flat[0] == ids[-1]
        assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1)
    [touched_two] = [one for one in browsing.page(home, LookupFilter()).found if one.rows == 2]
    assert touched_two.id == ids[2]


def test_filters_hold_over_pages(home: Home, ids: list[str]) -> None:
    def flat(**wanted: object) -> set[str]:
        pages = walked(home, LookupFilter(**wanted), 1)  # type: ignore[arg-type]
        return {one for page in pages for one in page}

    assert flat(who="clerk8") == {ids[1], ids[5]}
    by_reason = flat(without_reason=True)
    assert len(by_reason) == 4
    assert ids[1] not in by_reason
    assert flat(since="2026-11-21", until="2026-11-23") == {ids[1], ids[2]}


def test_a_page_opens_no_more_than_its_bound(
    home: Home, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsing, "MOST_OPENED", 2)
    monkeypatch.setattr(browsing, "_AT_ONCE", 3)
    look = browsing.page(home, LookupFilter(who="nobody"))
    assert (look.found, look.looked, bool(look.after)) == ([], 2, True)
    assert {one for page in walked(home, LookupFilter(who="clerk8"), 50) for one in page} == {ids[1], ids[5]}


def test_one_and_what_was_erased(home: Home, ids: list[str]) -> None:
    assert browsing.one(home, ids[0][:8]).id == ids[0]
    LogSealer(home).seal_once()
    [entry] = browsing.one(home, ids[0]).entries
    erase(home, entry, "agreed")
    with pytest.raises(NotFoundError, match="was erased"):
        browsing.one(home, ids[0])
    assert ids[0] not in {one for page in walked(home, LookupFilter(), 2) for one in page}


def test_a_place_that_is_none_is_refused(home: Home) -> None:
    for after in ("x", "2026-11-20,", "2026-11-20T00:00:00Z,zz", "' OR 1=1,0"):
        with pytest.raises(TraplineError, match="no place in the list"):
            browsing.page(home, LookupFilter(), after=after)
    assert browsing.page(home, LookupFilter()).after == ""
