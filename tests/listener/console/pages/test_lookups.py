"""Look-ups in the console: filtered, a week by person, marked as reviewed; queries and records only for a reason."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from listener.console.pages import lookups
from listener.lookups import browsing
from listener.lookups.listing import LookupFilter
from tests.listener.console.test_permits import As
from tests.look_ups import line, take_in, watch

PEOPLE = '[people]\nclerk7 = "staff-7"\nclerk8 = "staff-8"\n'
QUERY = "SELECT secret_column FROM subscribers"


@pytest.fixture
def ids(console: Any) -> list[str]:
    """Three look-ups of the week 2026-W48, newest first; the middle one by somebody else, of their own record."""
    (console.home.path / "people.toml").write_text(PEOPLE)
    [record] = watch(console.home, "5", person="staff-8")
    take_in(
        console.home,
        line(record, query=QUERY, began="2026-11-23T08:00:00+00:00"),
        line(record, query=QUERY, began="2026-11-24T08:00:00+00:00", user="clerk8", reason="case <b> 7"),
        line(record, query=QUERY, began="2026-11-25T08:00:00+00:00"),
    )
    return [one.id for one in browsing.page(console.home, LookupFilter()).found]


def listed(console: Any, ids: list[str], query: str) -> list[int]:
    page = console.get(f"/lookups?{query}").get_data(as_text=True)
    return [number for number, one in enumerate(ids) if f'href="/lookups/{one}"' in page]


def test_filters_and_pages(console: Any, ids: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert listed(console, ids, "") == [0, 1, 2]
    assert listed(console, ids, "person=staff-7") == [0, 2]
    assert listed(console, ids, "person=clerk8") == [1]
    assert listed(console, ids, "reason=missing") == [0, 2]
    assert listed(console, ids, "week=2026-W48") == [0, 1, 2]
    assert listed(console, ids, "week=2026-W47") == listed(console, ids, "table=cases") == []
    assert console.get("/lookups?week=never").status_code == 422
    assert console.get("/lookups?after=x").status_code == 422
    look = browsing.page(console.home, LookupFilter(), size=1)
    assert listed(console, ids, f"after={look.after}") == [1, 2]
    monkeypatch.setattr(browsing, "MOST_OPENED", 1)
    page = console.get("/lookups?person=nobody").get_data(as_text=True)
    assert "None of the 1 look-ups that were looked through." in page
    assert "Search older ones" in page


def test_nothing_shows_queries_or_records_unasked(console: Any, ids: list[str]) -> None:
    for path in ("/lookups", "/lookups/review?week=2026-W48", f"/lookups/{ids[1]}"):
        page = console.get(path).get_data(as_text=True)
        assert "secret_column" not in page, path
        assert "threats" not in page, path  # why the record is watched
        assert "own record" in page, path
        assert "case &lt;b&gt; 7" in page, path


def test_query_and_records_for_a_reason(console: Any, ids: list[str]) -> None:
    assert console.post(f"/lookups/{ids[0]}/full", {"reason": " "}).status_code == 422
    assert console.entries("revealed") == []
    page = console.post(f"/lookups/{ids[0]}/full", {"reason": "complaint 5"}).get_data(as_text=True)
    assert QUERY in page
    assert "record of staff-8, for owner: threats" in page
    [entry] = console.entries("revealed")
    assert entry.body == {"what": "lookups", "about": ids[0], "count": 1, "reason": "complaint 5"}
    assert "secret_column" not in console.get(f"/lookups/{ids[0]}").get_data(as_text=True)


def test_a_week_by_person(console: Any, ids: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    page = console.get("/lookups/review?week=2026-w48").get_data(as_text=True)
    assert page.index(">staff-7<") < page.index(">staff-8<")
    assert "2 look-ups, 2 without a reason, 2 of colleagues" in page
    assert 'href="/lookups/review?week=2026-W47"' in page
    assert 'href="/lookups/review?week=2026-W49"' in page
    assert "No look-ups in this week" in console.get("/lookups/review?week=2026-W01").get_data(as_text=True)
    assert console.get("/lookups/review?week=2026-W54").status_code == 422
    assert console.get("/lookups/review?week=x").status_code == 422
    assert 'rel="prev"' not in console.get("/lookups/review?week=0001-W01").get_data(as_text=True)
    monkeypatch.setattr(lookups, "_OF_A_PERSON", 1)
    page = console.get("/lookups/review?week=2026-W48").get_data(as_text=True)
    assert 'href="/lookups?person=staff-7&amp;week=2026-W48">1 more' in page
    monkeypatch.setattr(lookups, "_OF_ALL", 1)
    page = console.get("/lookups/review?week=2026-W48").get_data(as_text=True)
    assert page.count('name="id"') == 1
    assert 'href="/lookups?person=staff-8&amp;week=2026-W48">1 look-up:' in page


def test_a_long_week_comes_in_parts(console: Any, ids: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsing, "MOST_OPENED", 2)
    shown, address, pages = list[str](), "/lookups/review?week=2026-W48", 0
    while address:
        page = console.get(address).get_data(as_text=True)
        pages += 1
        assert "a part of it" in page
        shown += re.findall(r'name="id" value="([0-9a-f]{32})"', page)
        further = re.search(r'rel="next" href="([^"]*after=[^"]*)"', page)
        address = html.unescape(further[1]) if further else ""
    assert (sorted(shown), pages) == (sorted(ids), 2)
    assert console.get("/lookups/review?week=2026-W48&after=x").status_code == 422
    place = re.search(r'name="list-after" value="([^"]+)"', page)
    assert place, "whoever marks some comes back to the same part"
    form = {"outcome": "fine", "reason": "", "id": ids[0], "list-review": "2026-W48", "list-after": place[1]}
    back = console.post("/lookups/reviewed", {**form, "reason": "seen"}).headers["Location"]
    assert "after=" in back
    assert console.get(back).status_code == 200


def test_marking_them_as_reviewed_is_one_entry(console: Any, ids: list[str]) -> None:
    form = {"outcome": "asked", "reason": "by <b>telephone"}
    for wrong in (form, {**form, "id": ids[0], "reason": ""}, {**form, "id": ids[0], "outcome": "guilty"}):
        assert console.post("/lookups/reviewed", wrong).status_code == 422
    assert console.post("/lookups/reviewed", {**form, "id": [ids[0], "f" * 32]}).status_code == 404
    assert console.entries("setting") == []
    answer = console.post("/lookups/reviewed", {**form, "id": ids[:2], "list-person": "staff-7"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/lookups?person=staff-7")
    [entry] = console.entries("setting")
    assert entry.body["reviewed"] == ids[:2]
    page = console.get("/lookups").get_data(as_text=True)
    assert page.count("by &lt;b&gt;telephone") == 2
    assert page.count("not reviewed") == 1
    back = console.post("/lookups/reviewed", {**form, "id": ids[2], "list-review": "2026-W48"})
    assert back.headers["Location"] == "/lookups/review?week=2026-W48"
    back = console.post("/lookups/reviewed", {**form, "id": ids[2], "list-one": "yes"})
    assert back.headers["Location"] == f"/lookups/{ids[2]}"


def test_an_auditor_reads_and_a_second_person_approves_what_is_shown_in_full(
    console: Any, ids: list[str]
) -> None:
    home = console.home
    path = home.path / "trapline.toml"
    path.write_text(path.read_text() + '\n[console]\napprovals = ["lookups"]\n')
    home.__dict__.pop("settings", None)
    auditor, analyst = As(home, "aud", "auditor"), As(home, "ana", "analyst")
    page = auditor.get(f"/lookups/{ids[0]}").get_data(as_text=True)
    assert "<form" not in page.partition("<main")[2]
    assert "<fieldset" not in auditor.get("/lookups").get_data(as_text=True)
    refused = analyst.post(f"/lookups/{ids[0]}/full", {"reason": "complaint 5"})
    assert (refused.status_code, "secret_column" in refused.get_data(as_text=True)) == (403, False)
    assert f"look-up {ids[0]}" in As(home, "ben", "analyst").get("/approvals").get_data(as_text=True)
