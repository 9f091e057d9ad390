"""Placements: where, and in what state."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest

from canaries.core.model import Canary
from canaries.plant import noting, placements
from canaries.plant.planters import State
from canaries.plant.planting import plant


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


def test_pages_follow_each_other(console: Any, canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placements, "PAGE", 2)
    for number in range(5):
        noting.note(console.home, canary.id, f"place {number}")
    seen: list[str] = []
    path = "/placements"
    while True:
        page = console.get(path).get_data(as_text=True)
        seen += re.findall(r"<code>place (\d)</code>", page)
        older = re.search(r'rel="next" href="(/placements\?after=[^"]+)"', page)
        if older is None:
            break
        path = html.unescape(older[1])
    assert seen == ["4", "3", "2", "1", "0"]
    assert console.get("/placements?after=x").status_code == 422
