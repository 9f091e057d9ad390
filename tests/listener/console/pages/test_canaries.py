"""Canaries: covered until somebody says why, retired with a reason."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from sqlalchemy import event

from canaries.core.model import Canary
from canaries.installation.home import Home
from canaries.mint import catalogue
from canaries.mint.minting import mint


def test_a_bait_stays_covered(console: Any, canary: Canary) -> None:
    for path in ("/canaries", f"/canaries/{canary.id}"):
        page = console.get(path).get_data(as_text=True)
        assert canary.memo in page
        assert not [token.value for token in canary.tokens if token.value in page]
    assert console.entries("revealed") == []


@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_no_bait_without_a_reason(console: Any, canary: Canary, reason: str) -> None:
    response = console.post(f"/canaries/{canary.id}/reveal", {"reason": reason})
    assert response.status_code == 422
    assert not [token.value for token in canary.tokens if token.value in response.get_data(as_text=True)]
    assert console.entries("revealed") == []
    assert console.get(f"/canaries/{canary.id}/reveal").status_code == 405


def test_a_bait_is_shown_for_a_reason_and_that_is_written_down(
    console: Any, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAPLINE_OPERATOR", "alice")
    response = console.post(f"/canaries/{canary.id}/reveal", {"reason": "replanting after the move"})
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert all(token.value in page for token in canary.tokens)
    (entry,) = console.entries("revealed")
    assert (entry.by, entry.body) == ("alice", {"canary": canary.id, "reason": "replanting after the move"})
    covered = console.get(f"/canaries/{canary.id}").get_data(as_text=True)
    assert not [token.value for token in canary.tokens if token.value in covered]


def test_a_forged_form_reveals_nothing(console: Any, canary: Canary) -> None:
    response = console.post(f"/canaries/{canary.id}/reveal", {"reason": "x"}, csrf="forged")
    assert response.status_code == 403
    assert console.entries("revealed") == []


def test_a_canary_is_retired_once_and_with_a_reason(console: Any, canary: Canary) -> None:
    path = f"/canaries/{canary.id}/retire"
    assert console.post(path, {"reason": ""}).status_code == 422
    assert console.entries("retired") == []
    assert console.post(path, {"reason": "page deleted"}).status_code == 303
    assert [entry.body for entry in console.entries("retired")] == [
        {"canary": canary.id, "reason": "page deleted"}
    ]
    page = console.get(f"/canaries/{canary.id}").get_data(as_text=True)
    assert ">retired<" in page
    assert path not in page
    assert console.post(path, {"reason": "again"}).status_code == 404


def test_a_canary_is_found_by_the_beginning_of_its_id(console: Any, canary: Canary) -> None:
    response = console.get(f"/canaries?id={canary.id[:6]}")
    assert (response.status_code, response.headers["Location"]) == (303, f"/canaries/{canary.id}")
    assert console.get("/canaries?id=ffffff").status_code == 404


def test_canaries_are_paged_newest_first(console: Any, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from canaries.mint import finding

    monkeypatch.setattr(finding.look, "__kwdefaults__", {"page": 3, "most": 100})
    made = [one.canary.id for one in mint(home, "url", memo="page", count=7)]
    shown: list[str] = []
    path, pages = "/canaries?words=page", 0
    while path:
        page, pages = console.get(path).get_data(as_text=True), pages + 1
        shown += re.findall(r'name="id" value="([0-9a-f]{16})"', page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = html.unescape(older[1]) if older else ""
    assert (sorted(shown), pages) == (sorted(made), 3)
    assert console.get("/canaries?after=rubbish").status_code == 422


def test_filters_stand_in_the_form_again(console: Any, canary: Canary, hostile: str) -> None:
    page = console.get("/canaries", query_string={"words": hostile, "kind": "url", "used": "no"})
    text = page.get_data(as_text=True)
    assert "<script>alert" not in text
    assert "No canary is like that." in text
    assert '<option value="url" selected>' in text
    assert '<option value="no" selected>' in text
    assert console.get("/canaries?expiring=soonish").status_code == 422


def test_many_are_changed_with_one_reason_or_none(console: Any, home: Home) -> None:
    ids = [one.canary.id for one in mint(home, "url", memo="page", count=3)]
    form: dict[str, Any] = {"id": ids[:2], "reason": "tidy up", "list-words": "page"}
    for wrong in (
        {"deed": "tag", "value": "x", "reason": ""},
        {"deed": "tag", "value": ""},
        {"deed": "", "value": "x"},
        {"deed": "extend", "value": "never"},
        {"deed": "tag", "value": "x", "id": [ids[0], "f" * 16]},
        {"deed": "tag", "value": "x", "id": []},
    ):
        assert console.post("/canaries/bulk", form | wrong).status_code in (404, 422), wrong
    assert console.entries("amended") == console.entries("retired") == []
    for deed, value in (("tag", "2027"), ("tag", "web"), ("untag", "web"), ("extend", "90d"), ("retire", "")):
        answer = console.post("/canaries/bulk", form | {"deed": deed, "value": value})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/canaries?words=page"), deed
    found = {id_: catalogue.summary(home, id_) for id_ in ids}
    assert [found[id_].tags for id_ in ids] == [("2027",), ("2027",), ()]
    assert [bool(found[id_].expires_at) for id_ in ids] == [True, True, False]
    assert [bool(found[id_].retired_at) for id_ in ids] == [True, True, False]
    assert {entry.body["reason"] for entry in console.entries("amended")} == {"tidy up"}
    assert console.post("/canaries/bulk", form | {"deed": "retire"}).status_code == 303
    assert len(console.entries("retired")) == 2, "what is retired is left as it is"


def test_one_is_amended_and_its_record_stays(console: Any, canary: Canary) -> None:
    path = f"/canaries/{canary.id}/amend"
    same = {"memo": canary.memo, "owner": canary.owner, "recipient": "", "reason": "why"}
    assert console.post(path, same).status_code == 422, "nothing to change"
    assert console.post(path, same | {"memo": "moved page", "reason": ""}).status_code == 422
    assert console.post(path, same | {"memo": "moved page", "expires": "2d"}).status_code == 303
    page = console.get(f"/canaries/{canary.id}").get_data(as_text=True)
    assert "moved page" in page
    assert catalogue.find(console.home, canary.id).memo == canary.memo
    assert console.entries("amended")[0].body["changed"]["memo"] == "moved page"


def test_o18_a_page_of_the_list_reads_no_more_than_its_index(console: Any, canary: Canary) -> None:
    """Neither count nor order reads records: at a million canaries those are gigabytes."""
    plans: list[str] = []

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT") and "FROM canary" in statement:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in cursor.fetchall())

    engine = console.home.store.engine
    event.listen(engine, "before_cursor_execute", explain)
    try:
        assert canary.id in console.get("/canaries").get_data(as_text=True)
    finally:
        event.remove(engine, "before_cursor_execute", explain)
    index = "USING (COVERING )?INDEX canary_listed"
    assert [plan for plan in plans if re.match(f"SCAN canary {index}", plan)]
    assert not [plan for plan in plans if re.match(f"SCAN canary(?! {index})|USE TEMP B-TREE", plan)]
