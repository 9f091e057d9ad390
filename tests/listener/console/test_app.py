"""The console as a whole: every page, over data in which whatever can be hostile is."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

from canaries.installation import vault_protection as protection
from canaries.installation.home import Home
from canaries.mint import catalogue
from canaries.mint.minting import mint
from canaries.vault_lock import locked_key
from canaries.vault_lock.locked_key import LockedKey

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
    visit(catalogue.find(home, made.canary.id))
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


def test_a_locked_vault_is_said_and_read_again_when_it_is_unlocked(
    console: Any, home: Home, scene: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canaries.installation.home._VAULT_SECONDS", 0.0)
    monkeypatch.setattr(locked_key, "COST", {"time": 1, "memory": 64, "lanes": 1})
    protection.protect(home, "five words drawn by dice")
    scene.remove("/nowhere")
    found = {path: console.get(path) for path in scene}
    assert {
        path: answer.status_code for path, answer in found.items() if answer.status_code not in (200, 423)
    } == {}
    locked = [path for path, answer in found.items() if answer.status_code == 423]
    assert "/hits" in locked
    assert "trapline vault unlock" in found["/hits"].get_data(as_text=True)
    key = LockedKey.read(home.keys.folder).by_passphrase("five words drawn by dice")
    protection.unlock(home, key, 600)
    try:
        assert {console.get(path).status_code for path in scene} == {200}
    finally:
        protection.lock(home)
    assert console.get("/hits").status_code == 423
