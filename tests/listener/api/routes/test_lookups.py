"""Look-ups by the API: pages, filters, a week by person, what came of them; minimised but for a reason."""

from __future__ import annotations

from typing import Any

import pytest

from listener.lookups import browsing
from tests.listener.api.conftest import Desk
from tests.look_ups import line, take_in, watch

HIDDEN = {"query", "records", "entries"}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """With three look-ups of the week 2026-W48, the second one with a reason."""
    [record] = watch(desk.home, "5", person="staff-7")
    take_in(
        desk.home,
        line(record, began="2026-11-23T08:00:00+00:00"),
        line(record, began="2026-11-24T08:00:00+00:00", user="clerk8", reason="\x1b[31m case"),
        line(record, began="2026-11-25T08:00:00+00:00"),
    )
    return desk


def listed(desk: Desk, **query: Any) -> dict[str, Any]:
    answer = desk.ask("auditor", "GET", "/lookups", query_string=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json or {})


def test_pages_and_filters(desk: Desk) -> None:
    every = listed(desk)["items"]
    assert [one["at"][8:10] for one in every] == ["25", "24", "23"]
    assert not any(HIDDEN & one.keys() for one in every)
    found, cursor = [], ""
    while True:
        page = listed(desk, limit=1, cursor=cursor)
        found += page["items"]
        cursor = page["next"]
        if not cursor:
            break
    assert found == every
    assert listed(desk, person="clerk8")["items"] == every[1:2]
    assert listed(desk, without_reason="true")["items"] == [every[0], every[2]]
    assert listed(desk, week="2026-W47")["items"] == []
    assert listed(desk, week="2026-W48", since="2026-11-24")["items"] == every[:2]
    for wrong in ({"week": "x"}, {"week": "2026-W54"}, {"cursor": "eA"}, {"person": "x" * 201}):
        assert desk.ask("auditor", "GET", "/lookups", query_string=wrong).status_code == 422


def test_a_week_by_person(desk: Desk) -> None:
    answer = desk.ask("auditor", "GET", "/lookups/review", query_string={"week": "2026-W48"}).json or {}
    assert [(one["person"], one["lookups"], one["without_reason"]) for one in answer["people"]] == [
        ("clerk7", 2, 2),
        ("clerk8", 1, 0),
    ]
    assert answer["since"] == "2026-11-23T00:00:00.000000Z"
    assert answer["next"] is None
    assert "people" in (desk.ask("auditor", "GET", "/lookups/review").json or {})


def test_a_long_week_comes_in_parts_that_add_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsing, "MOST_OPENED", 1)
    cursor: Any = ""
    total = parts = 0
    while cursor is not None:
        query = {"week": "2026-W48", "cursor": cursor}
        answer = desk.ask("auditor", "GET", "/lookups/review", query_string=query).json or {}
        cursor, parts = answer["next"], parts + 1
        total += sum(one["lookups"] for one in answer["people"])
    assert (total, parts) == (3, 3)


def test_what_came_of_them_and_the_query_for_a_reason(desk: Desk) -> None:
    ids = [one["id"] for one in listed(desk)["items"]]
    body = {"lookups": ids[:2], "outcome": "fine", "reason": "seen"}
    assert desk.ask("auditor", "POST", "/lookups/reviewed", json=body).status_code == 403
    missing = {**body, "lookups": [ids[0], "0" * 32]}
    assert desk.ask("analyst", "POST", "/lookups/reviewed", json=missing).status_code == 404
    assert desk.entries("setting") == []
    assert desk.ask("analyst", "POST", "/lookups/reviewed", json=body).json == {"reviewed": ids[:2]}
    outcomes = [one["outcome"] and one["outcome"]["by"] for one in listed(desk)["items"]]
    assert outcomes == ["analyst", "analyst", None]
    path = f"/lookups/{ids[2]}"
    assert not HIDDEN & set(desk.ask("analyst", "GET", path).json or {})
    assert desk.ask("analyst", "GET", path[:20]).status_code == 404
    assert desk.ask("auditor", "POST", f"{path}/full", json={"reason": "x"}).status_code == 403
    assert desk.ask("analyst", "POST", f"{path}/full", json={"reason": " "}).status_code == 422
    assert desk.entries("revealed") == []
    full = desk.ask("analyst", "POST", f"{path}/full", json={"reason": "complaint 5"}).json or {}
    assert full["query"].startswith("SELECT * FROM subscribers")
    assert [one["person"] for one in full["records"]] == ["staff-7"]
    [entry] = desk.entries("revealed")
    assert (entry.by, entry.body["reason"]) == ("analyst", "complaint 5")
