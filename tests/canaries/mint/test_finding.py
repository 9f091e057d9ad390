"""Looking through canaries: every filter, page after page, nothing twice and nothing left out, in bounded steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaries.core.errors import NotFoundError, TraplineError
from canaries.installation.home import Home
from canaries.mint import amending, catalogue, finding
from canaries.mint.finding import look
from canaries.mint.matching import Wanted
from canaries.mint.minting import mint
from canaries.plant.planting import plant


def made(home: Home, kind: str = "url", count: int = 1, **said: str) -> list[str]:
    return [one.canary.id for one in mint(home, kind, count=count, **said)]  # type: ignore[arg-type]


def ids(home: Home, **wanted: str) -> set[str]:
    return {one.id for one in look(home, Wanted(**wanted)).found}


def test_each_filter_finds_its_own(home: Home, tmp_path: Path) -> None:
    soon = "2999-01-01T00:00:00.000000Z"
    [plain] = made(home, memo="Wiki: Page on backups")
    [named] = made(home, memo="list", recipient="Jörg Straße", owner="mallory", expires_at=soon)
    [key] = made(home, "openai-key", memo="shop")
    [gone] = made(home, memo="old page")
    catalogue.retire(home, gone, "moved")
    [past] = made(home, memo="ended", expires_at="2020-01-01T00:00:00.000000Z")
    amending.amend(home, [catalogue.find(home, key)], tags=["payments"])
    target = tmp_path / "shop.env"
    target.write_text("A=1\n")
    plant(home, key, str(target))
    for wanted, expected in (
        ({"words": "wiki BACKUPS"}, {plain}),
        ({"words": plain[:8]}, {plain}),
        ({"words": "jörg STRASSE"}, {named}),
        ({"kind": "openai-key"}, {key}),
        ({"owner": "MALL"}, {named}),
        ({"recipient": "straße"}, {named}),
        ({"tag": "payments"}, {key}),
        ({"tag": "pay"}, set()),
        ({"place": "SHOP.env"}, {key}),
        ({"planted": "yes"}, {key}),
        ({"planted": "no"}, {plain, named, gone, past}),
        ({"state": "retired"}, {gone}),
        ({"state": "expired"}, {past}),
        ({"state": "live"}, {plain, named, key}),
        ({"expiring": "2999-06-01T00:00:00.000000Z"}, {named}),
        ({"used": "yes"}, set()),
        ({"used": "no", "state": "live", "words": "page"}, {plain}),
    ):
        assert ids(home, **wanted) == expected, wanted
    [one] = look(home, Wanted(kind="openai-key")).found
    assert (one.tags, one.placements, one.places[0].state) == (("payments",), 1, "there")
    assert one.places[0].where.endswith("shop.env")
    assert finding.kinds_of(home) == ["openai-key", "url"]


def test_pages_follow_each_other_without_a_gap(home: Home) -> None:
    wanted = made(home, memo="page", count=7)
    shown: list[str] = []
    after, pages = "", 0
    while True:
        found = look(home, Wanted(words="page"), after, page=3)
        shown += [one.id for one in found.found]
        pages += 1
        if not found.after:
            break
        after = found.after
    assert (sorted(shown), pages) == (sorted(wanted), 3)
    assert len(shown) == len(set(shown)) == finding.count(home)


def test_a_look_goes_through_so_many_and_says_where_it_stopped(home: Home) -> None:
    [old] = made(home, memo="needle")
    made(home, memo="hay", count=6)
    first = look(home, Wanted(words="needle"), most=4)
    assert (first.found, first.looked) == ((), 4)
    second = look(home, Wanted(words="needle"), first.after, most=4)
    assert ([one.id for one in second.found], second.looked, second.after) == ([old], 3, "")


@pytest.mark.parametrize("rubbish", ["x", "2026-01-01T00:00:00.000000Z,", "' OR 1=1", "a,b", "\u0660" * 30])
def test_a_position_that_is_none_is_refused(home: Home, rubbish: str) -> None:
    with pytest.raises(TraplineError, match="no place in the list"):
        look(home, Wanted(), rubbish)


def test_a_label_of_release_0_1_is_read_with_its_record(home: Home) -> None:
    from sqlalchemy import update

    from canaries.core import store
    from canaries.crypto.sealed_box import Locker

    [one] = made(home, memo="old words", owner="mallory")
    with home.store.write() as connection:
        label = Locker(home.keys.alerts).seal(b"old words", one.encode())
        connection.execute(update(store.canary).values(label=label))
    assert ids(home, owner="mallory", words="old") == {one}


def test_all_or_none_of_what_is_chosen(home: Home) -> None:
    [one, two] = made(home, count=2)
    assert finding.all_of(home, [one, two, one]) == [one, two]
    with pytest.raises(TraplineError, match="no canary is chosen"):
        finding.all_of(home, [])
    with pytest.raises(NotFoundError):
        finding.all_of(home, [one, "f" * 16])


def test_an_id_is_found_however_many_were_minted_since_and_only_once(home: Home) -> None:
    [old] = made(home, memo="page")
    made(home, memo="page", count=6)
    first = look(home, Wanted(words=f"{old[:8]} page"), most=3)
    assert [one.id for one in first.found] == [old]
    seen, after = [], first.after
    while after:
        further = look(home, Wanted(words=f"{old[:8]} page"), after, most=3)
        seen += [one.id for one in further.found]
        after = further.after
    assert seen == []
    assert look(home, Wanted(words=old, kind="openai-key"), most=3).found == ()
