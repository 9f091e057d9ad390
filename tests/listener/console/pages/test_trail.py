"""The trail: what operators did, by whom and why, page after page; what was erased leaves its line."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import update

from canaries.core import store
from canaries.core.model import Canary
from canaries.ledger import brief
from canaries.mint import catalogue
from listener.console.pages import trail


def test_each_act_is_a_line_with_its_reason(console: Any, canary: Canary, hostile: str) -> None:
    catalogue.reveal(console.home, canary.id, hostile)
    page = console.get("/trail").get_data(as_text=True)
    assert ">revealed<" in page
    assert ">minted<" in page
    assert f">1 {canary.kind}<" in page
    assert "<script>alert" not in page
    assert f'href="/canaries/{canary.id}"' in page


def test_a_page_opens_a_bounded_number_of_bytes_and_at_least_one_act(
    console: Any, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brief, "MOST_BYTES", 1)
    catalogue.reveal(console.home, canary.id, "the reason")
    page = console.get("/trail").get_data(as_text=True)
    assert ("the reason" in page, ">minted<" in page) == (True, False)
    [older] = re.findall(r'href="(/trail\?before=[0-9a-f]{32})"', page)
    page = console.get(older).get_data(as_text=True)
    assert ("the reason" in page, ">minted<" in page, 'rel="next"' in page) == (False, True, False)


def test_pages_follow_each_other(console: Any, canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail, "PAGE", 2)
    for number in range(4):
        catalogue.reveal(console.home, canary.id, f"reason {number}")
    seen: list[str] = []
    path = "/trail"
    while True:
        page = console.get(path).get_data(as_text=True)
        seen += re.findall(r"reason (\d)", page)
        older = re.search(r'href="(/trail\?before=[0-9a-f]{32})"', page)
        if older is None:
            break
        path = older[1]
    assert seen == ["3", "2", "1", "0"]


def test_an_erased_entry_keeps_its_line(console: Any, canary: Canary) -> None:
    catalogue.reveal(console.home, canary.id, "to be erased")
    with console.home.store.write() as connection:
        connection.execute(update(store.entry).where(store.entry.c.kind == "revealed").values(sealed=None))
    page = console.get("/trail").get_data(as_text=True)
    assert "to be erased" not in page
    assert "Its content was erased." in page
