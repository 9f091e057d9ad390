"""The pages over real canaries and real hits: what they show, what they keep covered, what they write down."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from canaries import placements, records
from canaries.home import Home
from canaries.mint import mint
from canaries.model import Canary
from canaries.plant import State
from canaries.planting import plant
from listener import casebook, incidents
from listener.console import listing, stream

Visit = Callable[..., str]


class Markup(HTMLParser):
    """What a browser would make of a page: elements, and their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


@pytest.fixture
def scene(console: Any, canary: Canary, visit: Visit, hostile: str) -> list[str]:
    """Every page there is, over data in which whatever can be hostile is. Gives the addresses."""
    hit = visit(canary, agent=hostile.replace("\x1b", ""))
    incident = casebook.one(console.home, hit).incident
    incidents.note(console.home, incident, hostile)
    incidents.assess(
        console.home, incident, hostile, "likely", "low", [hostile], because=hostile, would_change=hostile
    )
    return [
        *("/hits", f"/hits/{hit}", "/incidents", f"/incidents/{incident}"),
        *("/canaries", f"/canaries/{canary.id}", "/placements", f"/hits?before={'f' * 32}", "/nowhere"),
    ]


def test_no_page_has_a_script_or_a_style_of_its_own(console: Any, scene: list[str]) -> None:
    for path in [*scene, "/enter/wrong"]:
        for tag, attributes in Markup(console.get(path).get_data(as_text=True)).elements:
            where = f"{path}: <{tag} {attributes}>"
            assert tag not in ("style", "iframe", "object", "embed", "base"), where
            assert "style" not in attributes, where
            assert not [name for name in attributes if name.startswith("on")], where
            if tag == "script":
                assert attributes["src"] == "/static/console.js", where
            for name in ("src", "href", "action"):
                value = attributes.get(name)
                assert value is None or re.match(r"[/#](?!/)", value), where


def test_hostile_text_is_text_everywhere(console: Any, scene: list[str]) -> None:
    shown = 0
    for path in scene:
        page = console.get(path).get_data(as_text=True)
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\x00-\x08\x0b-\x1f\x7f]", page), path
        assert sum(tag == "script" for tag, _ in Markup(page).elements) == 1, path
        shown += "&lt;script&gt;alert(1)" in page and "\\u202e" in page
    assert shown >= 2


def test_a_hostile_memo_is_text_too(console: Any, hostile: str, home: Home, visit: Visit) -> None:
    made = next(iter(mint(home, "url", memo=hostile, recipient=hostile)))
    visit(records.find(home, made.canary.id))
    for path in ("/hits", "/canaries", f"/canaries/{made.canary.id}", "/incidents"):
        page = console.get(path).get_data(as_text=True)
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page, path
        assert "<script>alert" not in page, path
        assert "\u202e" not in page, path
        assert "49" not in re.findall(r"\{\{7\*7\}\}|49 ", page), path


def test_observed_derived_and_assessed_stand_apart(console: Any, scene: list[str]) -> None:
    for path in (scene[1], scene[3]):
        page = console.get(path).get_data(as_text=True)
        places = [page.index(f'class="panel {name}"') for name in ("observed", "derived", "assessed")]
        assert places == sorted(places)
        observed, derived = page[places[0] : places[1]], page[places[1] : places[2]]
        assert "198.51.100.7" in observed
        assert "40001" in observed
        assert "by trapline" in derived
        assert "automated tool" not in observed
        assert "ttacker" not in page


def test_the_hit_page_shows_the_exact_time_the_hash_and_the_request(console: Any, scene: list[str]) -> None:
    hit = casebook.one(console.home, scene[1].removeprefix("/hits/"))
    page = console.get(scene[1]).get_data(as_text=True)
    assert hit.observed_at[:10] + " " + hit.observed_at[11:26] in page
    assert hit.entry.body["raw_sha256"] in page
    assert "User-Agent: &lt;script&gt;" in page


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


def test_notes_assessments_and_closing_are_entries(console: Any, canary: Canary, visit: Visit) -> None:
    incident = casebook.one(console.home, visit(canary)).incident
    path = f"/incidents/{incident}"
    assert console.post(f"{path}/notes", {"text": "called\r\nthe host"}).status_code == 303
    judged = {"statement": "own test", "likelihood": "likely", "confidence": "low", "because": "one hit"}
    judged["alternatives"] = "preview\r\n\r\nscanner"
    assert console.post(f"{path}/assessments", judged).status_code == 303
    assert console.post(f"{path}/state", {"state": "closed", "reason": "done"}).status_code == 303
    found = casebook.incident(console.home, incident)
    assert [(note.text, note.state) for note in found.notes] == [("called\nthe host", ""), ("done", "closed")]
    assert [(one.statement, one.alternatives) for one in found.assessments] == [
        ("own test", ("preview", "scanner"))
    ]
    assert found.state == "closed"
    page = console.get(path).get_data(as_text=True)
    assert "called\nthe host" in page
    assert "It is likely (55-80 %) that this is so." in page


@pytest.mark.parametrize("missing", ["statement", "likelihood", "confidence", "because"])
def test_an_assessment_says_everything_or_nothing(
    console: Any, canary: Canary, visit: Visit, missing: str
) -> None:
    incident = casebook.one(console.home, visit(canary)).incident
    judged = {"statement": "a", "likelihood": "likely", "confidence": "low", "because": "b"} | {missing: ""}
    assert console.post(f"/incidents/{incident}/assessments", judged).status_code == 422
    assert casebook.incident(console.home, incident).assessments == ()


def test_a_dossier_is_handed_over_and_left_nowhere(console: Any, canary: Canary, visit: Visit) -> None:
    incident = casebook.one(console.home, visit(canary)).incident
    before = sorted(path.name for path in console.home.path.iterdir())
    for path, name in ((f"/incidents/{incident}", incident), (f"/canaries/{canary.id}", canary.id)):
        response = console.post(f"{path}/dossier", {"reason": "for counsel"}, buffered=True)
        assert response.status_code == 200
        assert response.headers["Content-Disposition"] == f"attachment; filename=dossier-{name}.zip"
        with zipfile.ZipFile(io.BytesIO(response.get_data())) as archive:
            assert archive.testzip() is None
            assert archive.namelist()
    assert [entry.body["why"] for entry in console.entries("exported")] == ["for counsel"] * 2
    assert console.post(f"/incidents/{incident}/dossier", {"reason": " "}).status_code == 422
    assert sorted(path.name for path in console.home.path.iterdir() if path.name.startswith("dossier")) == []
    assert set(before) <= {path.name for path in console.home.path.iterdir()}


def test_hits_are_paged_newest_first(
    console: Any, canary: Canary, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setattr(listing, "PAGE", 2)
    made = [visit(canary, port=40_000 + number) for number in range(5)]
    shown: list[str] = []
    path = "/hits"
    for _ in range(3):
        page = console.get(path).get_data(as_text=True)
        shown += re.findall(r'<tr id="hit-([0-9a-f]{32})"', page)
        more = re.search(r'href="(/hits\?before=[0-9a-f]+)"', page)
        path = more[1] if more else ""
    assert shown == made[::-1]
    assert path == ""


def test_the_stream_tells_of_hits_and_stops_with_the_session(
    console: Any, canary: Canary, visit: Visit
) -> None:
    first = visit(canary)
    second = visit(canary, agent="<b>\u202e")
    response = console.get("/hits/stream", headers={"Last-Event-ID": first}, buffered=False)
    assert response.mimetype == "text/event-stream"
    events = response.iter_encoded()
    assert next(events) == b": welcome\n\n"
    message = next(events)
    while first.encode() in message:  # within the overlap; the page skips it
        message = next(events)
    assert second.encode() in message
    assert b"\xe2\x80\xae" not in message
    console.app.extensions["trapline"].stop.set()
    assert list(events) == [b": waiting\n\n"]
    response.close()


def test_streams_are_bounded_and_given_back(console: Any) -> None:
    desk = console.app.extensions["trapline"]
    taken = [console.get("/hits/stream", buffered=False) for _ in range(stream.MOST_STREAMS)]
    assert console.get("/hits/stream").status_code == 503
    for response in taken:  # given back even where not one event was read
        response.close()
    desk.stop.set()
    assert console.get("/hits/stream").status_code == 200


def test_placements_say_where_and_in_what_state(console: Any, canary: Canary, tmp_path: Path) -> None:
    target = tmp_path / "notes & <b>.txt"
    target.write_text("Monday\n")
    plant(console.home, canary.id, str(target))
    for path in ("/placements", f"/canaries/{canary.id}"):
        page = console.get(path).get_data(as_text=True)
        assert "notes &amp; &lt;b&gt;.txt" in page, path
        assert ">there<" in page, path
        assert f'href="/canaries/{canary.id}"' in page or path != "/placements"
    target.unlink()
    assert [one.state for one in placements.check(console.home)] == [State.GONE]
    assert ">gone<" in console.get("/placements").get_data(as_text=True)


def test_canaries_are_paged_newest_first(console: Any, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from listener.console.pages import canaries as area

    monkeypatch.setattr(area, "PAGE", 3)
    made = [one.canary.id for one in mint(home, "url", count=7)]
    shown: list[str] = []
    for number in (1, 2, 3):
        page = console.get(f"/canaries?page={number}").get_data(as_text=True)
        shown += re.findall(r'<td><a href="/canaries/([0-9a-f]{16})">', page)
    assert sorted(shown) == sorted(made)
    for rubbish in ("0", "-1", "x", "9" * 30):
        assert console.get(f"/canaries?page={rubbish}").status_code == 200


def test_pages_of_what_is_not_there_are_sentences(console: Any) -> None:
    for path in (
        f"/hits/{'0' * 32}",
        "/hits/%00",
        "/incidents/00",
        "/incidents/%27",
        "/canaries/000000000000",
    ):
        response = console.get(path)
        assert response.status_code == 404, path
        assert 'role="alert"' in response.get_data(as_text=True)
